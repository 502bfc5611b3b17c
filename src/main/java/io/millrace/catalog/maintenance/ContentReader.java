// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.maintenance;

import io.millrace.catalog.record.BlockSums;
import io.millrace.catalog.record.DigestValues;
import io.millrace.catalog.record.FileState;
import io.millrace.catalog.record.Observation;
import io.millrace.pagecache.DeviceBlock;
import io.millrace.pagecache.DevicePass;
import io.millrace.pagecache.DeviceReader;
import io.millrace.pagecache.Provenance;
import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.digest.Digest;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.walk.OpenedFile;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;

/**
 * Reads all of a file on the device, and of what is resident the cached copy as well, as nothing recorded tells which of both is
 * right. One thread, which closes it.
 */
final class ContentReader implements AutoCloseable {
    private static final int READS_IN_FLIGHT = 3;

    private final Posix posix;
    private final DeviceReader reader;
    private final NativeBuffer copy = NativeBuffer.allocate(DeviceReader.BLOCK_BYTES);
    private final BooleanSupplier stopping;

    /** {@code stopping}: ends the reading of a file. */
    ContentReader(Posix posix, BooleanSupplier stopping) {
        this.posix = posix;
        this.reader = new DeviceReader(posix, READS_IN_FLIGHT);
        this.stopping = stopping;
    }

    /** @param disputedBlocks blocks whose cached copy is not what the device holds */
    record Seen(Observation observation, int disputedBlocks) {}

    /** What one pass over a file collects. */
    private static final class Pass {
        private BlockSums.Builder sums;
        private final TreeMap<Integer, Integer> cached = new TreeMap<>();
        private final Set<Integer> unsettled = new TreeSet<>();
        private final Map<DigestAlgorithm, Digest> digests = new EnumMap<>(DigestAlgorithm.class);
        private boolean isDirtinessKnown = true;
        private int disputed;

        Pass(long sizeBytes) {
            sums = BlockSums.builder(sizeBytes);
        }

        Observation observation(FileState state, long readAtNanos, boolean isSteady) {
            Observation.Builder builder =
                    Observation.builder(state, readAtNanos, sums.build()).digests(values());
            for (var block : cached.entrySet()) {
                builder = builder.cached(block.getKey(), block.getValue());
            }
            for (int block : unsettled) {
                builder = builder.unsettled(block);
            }
            builder = isDirtinessKnown ? builder : builder.dirtinessUnknown();
            return isSteady ? builder.build() : builder.changedMeanwhile().build();
        }

        private DigestValues values() {
            if (!unsettled.isEmpty()) {
                return DigestValues.NONE;
            }
            Map<String, byte[]> values = new HashMap<>();
            digests.forEach((algorithm, digest) -> values.put(algorithm.label(), digest.finish()));
            return DigestValues.of(values);
        }
    }

    /**
     * Empty where it was told to stop.
     *
     * @throws IOException where a block cannot be read
     */
    Optional<Seen> read(OpenedFile file, Set<DigestAlgorithm> algorithms) throws IOException {
        FileStatus before = posix.files().status(file.fd());
        long readAt = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
        var pass = new Pass(before.sizeBytes());
        pass.isDirtinessKnown = file.traits().cachestat();
        try (DevicePass blocks = reader.begin(file.fd(), before, file.traits())) {
            algorithms.forEach(algorithm -> pass.digests.put(algorithm, algorithm.start()));
            for (DeviceBlock block = blocks.next(); block != null; block = blocks.next()) {
                if (stopping.getAsBoolean()) {
                    return Optional.empty();
                }
                add(pass, blocks, block);
            }
            boolean isSteady = state(before).equals(state(posix.files().status(file.fd())));
            return Optional.of(new Seen(pass.observation(state(before), readAt, isSteady), pass.disputed));
        } finally {
            pass.digests.values().forEach(Digest::close);
        }
    }

    static FileState state(FileStatus status) {
        return new FileState(status.sizeBytes(), status.modifiedNanos(), status.changedNanos());
    }

    private void add(Pass pass, DevicePass blocks, DeviceBlock block) throws PosixException {
        int number = Math.toIntExact(block.range().offsetBytes() / DeviceReader.BLOCK_BYTES);
        int length = Math.toIntExact(block.range().lengthBytes());
        if (block.provenance() == Provenance.UNSETTLED) {
            pass.unsettled.add(number);
            return;
        }
        PosixException failure = block.failure();
        if (failure != null) {
            throw failure;
        }
        pass.isDirtinessKnown &= block.residentBytes() >= 0;
        int sum = sum(block.buffer(), block.offsetBytes(), length);
        boolean isFromDevice = block.provenance() == Provenance.DEVICE || block.provenance() == Provenance.HOLE;
        pass.sums = pass.sums.put(number, sum, isFromDevice ? BlockSums.Provenance.DEVICE : BlockSums.Provenance.CACHE);
        pass.digests.values().forEach(digest -> digest.update(block.buffer(), block.offsetBytes(), length));
        if (isFromDevice && block.residentBytes() != 0 && blocks.readCached(block, copy) > 0) {
            int cached = sum(copy, 0, length);
            pass.cached.put(number, cached);
            pass.disputed += cached == sum ? 0 : 1;
        }
    }

    private static int sum(NativeBuffer buffer, int offset, int length) {
        var crc = new CRC32C();
        crc.update(buffer.slice(offset, length));
        return (int) crc.getValue();
    }

    @Override
    public void close() throws PosixException {
        reader.close();
        copy.close();
    }
}
