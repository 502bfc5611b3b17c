// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.observe;

import io.millrace.catalog.record.BlockSums;
import io.millrace.catalog.record.DigestValues;
import io.millrace.pagecache.BlockState;
import io.millrace.pagecache.BlockState.Dirt;
import io.millrace.pagecache.Provenance;
import io.millrace.pagecache.WholeFileReader;
import io.millrace.posix.Posix;
import io.millrace.posix.VerityDigest;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.digest.Digest;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.observe.Observing.Reading;
import io.millrace.scan.walk.OpenedFile;
import java.io.EOFException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Observes one file after the other for one reading thread, which closes it. Buffers and threads for reads of the device are made
 * when the first file needs them.
 */
public final class FileObserver implements AutoCloseable {
    private final Posix posix;
    private final Observing observing;
    private final FileKeys keys;
    private final BlockSummer summer = new BlockSummer();

    /** For records that have digests and no sums of blocks, since they were imported. */
    private final Map<DigestAlgorithm, Digest> wanted = new EnumMap<>(DigestAlgorithm.class);

    private volatile @Nullable DeviceLook device;

    public FileObserver(Posix posix, Observing observing) {
        this.posix = posix;
        this.observing = observing;
        this.keys = new FileKeys(posix);
    }

    /** A digest to be computed with the others. */
    public BlockSummer summer() {
        return summer;
    }

    public LinkedFiles links() {
        return observing.links();
    }

    /**
     * Looks at an open file before it is read.
     *
     * @param isGiven whether its path was given, and not found in a directory
     */
    public Subject begin(OpenedFile file, boolean isGiven) throws PosixException {
        var key = keys.of(file.fd(), file.status());
        var before = BlockState.of(posix, file.traits(), file.fd(), file.content());
        var dirty = before.dirt() == Dirt.DIRTY ? dirtyBlocks(file) : new BitSet();
        long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
        return new Subject(file, key, isGiven, observing.baselines().find(key), now, before, dirty);
    }

    private BitSet dirtyBlocks(OpenedFile file) throws PosixException {
        var dirty = new BitSet();
        long size = file.status().sizeBytes();
        for (int block = 0; block < BlockSums.countOf(size); block++) {
            long start = (long) block * BlockSums.BLOCK_BYTES;
            var range = ByteRange.between(start, Math.min(size, start + BlockSums.BLOCK_BYTES));
            dirty.set(
                    block, BlockState.of(posix, file.traits(), file.fd(), range).dirt() == Dirt.DIRTY);
        }
        return dirty;
    }

    /**
     * Whether the file is to be read by {@link #onDevice}. A small cold one is not: an ordinary read of it comes from the device as
     * well, and costs less.
     */
    public boolean isForDevice(Subject subject) {
        return observing.reading() == Reading.DEVICE
                && !(subject.isColdOnDevice()
                        && subject.file().status().sizeBytes() <= WholeFileReader.MAX_BYTES
                        && wantedDigests(subject).isEmpty());
    }

    /** Reads the file on the device; null if the scan is to stop. */
    public @Nullable ObservedFile onDevice(
            Subject subject,
            Map<DigestAlgorithm, Digest> digests,
            Map<DigestAlgorithm, byte[]> values,
            PassListener listener)
            throws PosixException, EOFException, InterruptedException {
        var all = new EnumMap<DigestAlgorithm, Digest>(DigestAlgorithm.class);
        all.putAll(wantedDigests(subject));
        all.putAll(digests);
        ObservationDraft draft = null;
        var results = new EnumMap<DigestAlgorithm, byte[]>(DigestAlgorithm.class);
        try {
            draft = deviceLook().readAll(subject, List.copyOf(all.values()), listener);
        } finally {
            all.forEach((algorithm, digest) -> results.put(algorithm, digest.finish()));
        }
        if (draft == null) {
            return null;
        }
        if (draft.isWhole()) {
            digests.keySet().forEach(algorithm -> values.put(algorithm, results.get(algorithm)));
        } else {
            results.clear();
        }
        return draft.build(digestsOf(subject, results), isChanged(subject));
    }

    /** Why a block of the file that was observed last could not be read. */
    public Optional<PosixException> failure() {
        DeviceLook look = device;
        return look == null ? Optional.empty() : Optional.ofNullable(look.failure());
    }

    /**
     * Makes an observation of what the scan has read itself; null if the scan is to stop.
     *
     * @param summed of the whole file
     * @param isChanged whether the file was altered while it was read
     */
    public @Nullable ObservedFile asScanned(
            Subject subject,
            BlockSummer.Summed summed,
            Map<DigestAlgorithm, byte[]> values,
            boolean isChanged,
            PassListener listener)
            throws PosixException, InterruptedException {
        var draft = new ObservationDraft(subject);
        var suspicions = new ArrayList<Integer>();
        boolean isServed = !subject.file().traits().type().readsBlockDevice();
        for (int block = 0; block < draft.count(); block++) {
            boolean isDirty = subject.dirty().get(block);
            boolean isCached = summed.cached().get(block) || isServed;
            int sum = summed.sums()[block];
            draft.put(block, isDirty ? Provenance.UNSETTLED : isCached ? Provenance.CACHE : Provenance.DEVICE, sum);
            if (!isDirty && subject.isSuspicious(block, sum)) {
                suspicions.add(block);
            }
        }
        if (subject.before().dirt() == Dirt.UNKNOWN) {
            draft.dirtUnknown();
        }
        if (!suspicions.isEmpty() && !isChanged && !deviceLook().recheck(subject, suspicions, draft, listener)) {
            return null;
        }
        return draft.build(
                draft.isWhole() ? digestsOf(subject, values) : DigestValues.NONE, isChanged || isChanged(subject));
    }

    private boolean isChanged(Subject subject) throws PosixException {
        return subject.file().change(posix).isPresent();
    }

    /** Those of the record that has nothing else to compare. */
    private Map<DigestAlgorithm, Digest> wantedDigests(Subject subject) {
        if (subject.stored().isEmpty() || subject.stored().get().blocks().isAnyKnown()) {
            return Map.of();
        }
        var found = new EnumMap<DigestAlgorithm, Digest>(DigestAlgorithm.class);
        for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
            if (subject.stored().get().digests().asMap().containsKey(algorithm.label())
                    && algorithm.whyMissing().isEmpty()) {
                found.put(algorithm, wanted.computeIfAbsent(algorithm, DigestAlgorithm::start));
            }
        }
        return found;
    }

    /** CRC-32C follows from the blocks; the root digest of fs-verity is asked for where the content is not the recorded one. */
    private DigestValues digestsOf(Subject subject, Map<DigestAlgorithm, byte[]> values) throws PosixException {
        Optional<VerityDigest> verity = subject.isComparable()
                ? Optional.empty()
                : posix.identities().verityDigest(subject.file().fd());
        boolean isImported =
                subject.stored().isPresent() && !subject.stored().get().blocks().isAnyKnown();
        if (values.isEmpty() && verity.isEmpty()) {
            return DigestValues.NONE;
        }
        var named = new HashMap<String, byte[]>();
        values.forEach((algorithm, value) -> {
            if (algorithm != DigestAlgorithm.CRC32C || isImported) {
                named.put(algorithm.label(), value);
            }
        });
        verity.ifPresent(digest -> named.put(
                "fsverity-" + digest.label().split(":")[0], digest.digest().clone()));
        return named.isEmpty() ? DigestValues.NONE : DigestValues.of(named);
    }

    private DeviceLook deviceLook() {
        DeviceLook known = device;
        if (known == null) {
            known = new DeviceLook(DeviceLook.newReader(posix));
            device = known;
        }
        return known;
    }

    /** Whether a thread that reads ahead for this one is in a system call. Any thread. */
    public boolean isInKernel() {
        DeviceLook look = device;
        return look != null && look.isInKernel();
    }

    @Override
    public void close() throws PosixException {
        wanted.values().forEach(Digest::close);
        summer.close();
        DeviceLook look = device;
        if (look != null) {
            look.close();
        }
    }
}
