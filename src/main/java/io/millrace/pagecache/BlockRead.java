// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.PageCalls.Advice;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * One read of blocks that follow each other in a file, all to be had the same way, into a buffer. Made by the thread of its
 * pass, called once by any thread.
 */
final class BlockRead implements Callable<List<DeviceBlock>> {
    /** How the blocks are to be had. */
    enum Way {
        /** Past the page cache. */
        DIRECT,
        /** By way of the page cache; one block. */
        BUFFERED,
        /** Not at all: zeros; one block. */
        HOLE,
        /** Not now; one block. */
        UNSETTLED
    }

    /** A block before it is read. */
    record Planned(ByteRange range, BlockState state, Way way) {}

    /** The file that is read. */
    record Source(Posix posix, MountTraits traits, DirectFile file, BlockState.Inquiry inquiry) {}

    /** Btrfs brings in all pages of a compressed extent, which is 128 KiB at most. */
    private static final int SPILL_BYTES = 256 << 10;

    private final Source source;
    private final List<Planned> blocks;
    private final NativeBuffer buffer;

    /** {@code buffer} is as long as the blocks, to the next 4 KiB; zeros for a hole. */
    BlockRead(Source source, List<Planned> blocks, NativeBuffer buffer) {
        this.source = source;
        this.blocks = blocks;
        this.buffer = buffer;
    }

    NativeBuffer buffer() {
        return buffer;
    }

    Way way() {
        return blocks.get(0).way();
    }

    ByteRange range() {
        return ByteRange.between(
                blocks.get(0).range().offsetBytes(),
                blocks.get(blocks.size() - 1).range().endBytes());
    }

    /** The blocks, with what was read; fewer, and the last one shorter, only where the file ends now. */
    @Override
    public List<DeviceBlock> call() throws PosixException {
        return switch (way()) {
            case DIRECT -> direct();
            case BUFFERED -> buffered(blocks.get(0));
            case HOLE -> List.of(result(0, Provenance.HOLE, null));
            case UNSETTLED -> List.of(result(0, Provenance.UNSETTLED, null));
        };
    }

    private List<DeviceBlock> direct() throws PosixException {
        DirectFile.DirectRead read;
        try {
            read = source.file().read(buffer, range());
        } catch (PosixException e) {
            if (blocks.size() > 1) {
                return oneByOne();
            }
            if (e.is(Errno.EINVAL)) { // not of this file after all
                return buffered(blocks.get(0));
            }
            return List.of(result(0, unreadable(e), e));
        }
        return settled(judged(read));
    }

    /** Finds out which of the blocks it was. */
    private List<DeviceBlock> oneByOne() throws PosixException {
        var results = new ArrayList<DeviceBlock>();
        for (int i = 0; i < blocks.size(); i++) {
            Planned block = blocks.get(i);
            int at = offsetOf(i);
            int length = (int) block.range().lengthBytes();
            int room = Math.min(buffer.sizeBytes() - at, DeviceReader.BLOCK_BYTES);
            List<DeviceBlock> one;
            try (var part = buffer.part(at, room)) {
                one = new BlockRead(source, List.of(block), part).call();
            }
            for (DeviceBlock found : one) {
                results.add(new DeviceBlock(
                        found.range(), found.provenance(), buffer, at, found.residentBytes(), found.failure()));
            }
            if (one.isEmpty() || one.get(0).lengthBytes() < length) {
                break;
            }
        }
        return results;
    }

    /** Says where the bytes came from. */
    private List<DeviceBlock> judged(DirectFile.DirectRead read) throws PosixException {
        boolean fromDevice = read.deviceBytes() >= read.countBytes();
        boolean isStored = true;
        if (!fromDevice && read.countBytes() > 0) {
            long stored = source.file()
                    .storedBytes(new ByteRange(range().offsetBytes(), read.countBytes()))
                    .orElse(Long.MAX_VALUE);
            fromDevice = read.deviceBytes() >= stored;
            isStored = stored > 0;
        }
        var results = new ArrayList<DeviceBlock>();
        for (int i = 0; i < blocks.size() && offsetOf(i) < read.countBytes(); i++) {
            boolean isCold = blocks.get(i).state().isCold();
            var provenance = fromDevice || isCold ? Provenance.DEVICE : Provenance.CACHE;
            results.add(result(i, isStored ? provenance : Provenance.HOLE, null, read.countBytes()));
            if (!fromDevice && isCold) { // it came by way of the page cache
                boolean unused = PageAdvice.give(
                        source.posix(), source.file().buffered(), blocks.get(i).range(), Advice.DONTNEED);
            }
        }
        return results;
    }

    /** Takes back what became dirty while it was read. */
    private List<DeviceBlock> settled(List<DeviceBlock> read) throws PosixException {
        if (source.inquiry().of(range()).dirt() != BlockState.Dirt.DIRTY) {
            return read;
        }
        var results = new ArrayList<DeviceBlock>();
        for (int i = 0; i < read.size(); i++) {
            DeviceBlock block = read.get(i);
            boolean dirty = source.inquiry().of(block.range()).dirt() == BlockState.Dirt.DIRTY;
            results.add(dirty ? result(i, Provenance.UNSETTLED, null) : block);
        }
        return results;
    }

    private List<DeviceBlock> buffered(Planned block) throws PosixException {
        var around = ByteRange.between(
                block.range().offsetBytes(), ByteRange.endOf(block.range().endBytes(), SPILL_BYTES));
        var before = source.inquiry().isResidencyKnown() ? source.inquiry().pages(around) : null;
        OwnedFd fd = source.file().buffered();
        int count;
        try {
            count = source.posix().io().pread(fd, buffer, block.range());
        } catch (PosixException e) {
            return List.of(result(0, unreadable(e), e));
        } finally {
            if (before != null && source.traits().type().canDropPages()) {
                for (ByteRange run : before.coldRuns(around)) {
                    boolean unused = PageAdvice.give(source.posix(), fd, run, Advice.DONTNEED);
                }
            }
        }
        return count == 0 ? List.of() : settled(List.of(result(0, provenance(before, block.range()), null, count)));
    }

    private Provenance provenance(@Nullable ResidencyBitmap before, ByteRange block) {
        if (!source.traits().type().canDropPages()) {
            return Provenance.CACHE;
        }
        if (before == null || !source.traits().type().readsBlockDevice()) {
            return Provenance.UNKNOWN;
        }
        return before.isCold(block) ? Provenance.DEVICE : Provenance.CACHE;
    }

    /** What the block layer and file systems make of a bad block; any other error is not about this block. */
    private static Provenance unreadable(PosixException e) throws PosixException {
        return switch (e.errno()) {
            case EIO, ENODATA, EREMOTEIO, EILSEQ, ETIMEDOUT, EBADMSG, EUCLEAN, ENOLINK -> Provenance.UNREADABLE;
            default -> throw e;
        };
    }

    private int offsetOf(int block) {
        return (int) (blocks.get(block).range().offsetBytes() - range().offsetBytes());
    }

    private DeviceBlock result(int block, Provenance provenance, @Nullable PosixException failure) {
        return result(block, provenance, failure, Integer.MAX_VALUE);
    }

    /** {@code readBytes}: of all blocks of this read. */
    private DeviceBlock result(int block, Provenance provenance, @Nullable PosixException failure, int readBytes) {
        Planned planned = blocks.get(block);
        long start = planned.range().offsetBytes();
        int at = offsetOf(block);
        long length = Math.min(planned.range().lengthBytes(), readBytes - at);
        return new DeviceBlock(
                new ByteRange(start, length),
                provenance,
                buffer,
                at,
                planned.state().residentBytes(),
                failure);
    }
}
