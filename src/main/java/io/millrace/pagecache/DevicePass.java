// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.FileStatus;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Goes once over a file, block by block in order, as {@link DeviceReader} says. The descriptor stays the caller's, who asks
 * for the file's status before and after: what was written and written out between two looks shows in its times only. One
 * thread, which also closes it.
 */
public final class DevicePass implements AutoCloseable {
    private final DeviceReader reader;
    private final OwnedFd file;
    private final ByteRange content;
    private final SparseMap holes;
    private final BlockRead.Source source;

    /** In the order of the file. */
    private final Deque<Pending> pending = new ArrayDeque<>();

    private final Deque<DeviceBlock> ready = new ArrayDeque<>();
    private @Nullable Pending current;
    private BlockRead.@Nullable Planned peeked;
    private long position;
    private boolean ended;

    private record Pending(BlockRead read, FutureTask<List<DeviceBlock>> task) {}

    DevicePass(DeviceReader reader, OwnedFd file, FileStatus status, MountTraits traits) throws PosixException {
        this.reader = reader;
        this.file = file;
        this.content = new ByteRange(0, status.sizeBytes());
        this.holes = new SparseMap(reader.posix(), file, status);
        var inquiry = new BlockState.Inquiry(reader.posix(), traits, file, status, reader.clock());
        this.source =
                new BlockRead.Source(reader.posix(), traits, DirectFile.open(reader.posix(), file, traits), inquiry);
    }

    /** Whether the file can be read past the page cache, apart from blocks that are compressed or lie in metadata. */
    public boolean isDirect() {
        return source.file().isDirect();
    }

    /** Whether the kernel tells which blocks are dirty; else all of a file that was written in the last minute is unsettled. */
    public boolean isDirtKnown() {
        return source.inquiry().isDirtKnown();
    }

    /** Waits until no read is under way; what was read ahead is kept. For callers that have to be quiet for a while. */
    public void awaitReads() {
        for (Pending each : pending) {
            await(each);
        }
    }

    private static void await(Pending each) {
        try {
            var unused = resultOf(each);
        } catch (PosixException e) {
            // Thrown again when it is its turn.
        }
    }

    /**
     * The next block, null after the last one. Blocks after the file's end are missing where it has become shorter; what it has
     * grown by is not looked at.
     *
     * @throws PosixException that is not about one block: this one is {@link Provenance#UNREADABLE}
     */
    public @Nullable DeviceBlock next() throws PosixException {
        while (ready.isEmpty()) {
            release();
            start();
            Pending first = pending.poll();
            if (first == null) {
                return null;
            }
            current = first;
            List<DeviceBlock> blocks = resultOf(first);
            ready.addAll(blocks);
            long bytes = blocks.stream()
                    .mapToLong(block -> block.range().lengthBytes())
                    .sum();
            if (bytes < first.read().range().lengthBytes()) {
                ended = true;
                drain();
            }
        }
        return ready.poll();
    }

    private void start() throws PosixException {
        while (!ended && position < content.endBytes() && pending.size() < reader.readsAhead()) {
            BlockRead read = plan();
            position = read.range().endBytes();
            var next = new Pending(read, new FutureTask<>(read));
            boolean isAlone = pending.isEmpty() && position == content.endBytes();
            pending.add(next);
            // A buffered read may bring in pages of the next block, so that one is looked at afterwards.
            if (isAlone || read.way() != BlockRead.Way.DIRECT) {
                next.task().run();
            } else {
                execute(next.task());
            }
        }
    }

    private void execute(FutureTask<List<DeviceBlock>> task) {
        try {
            reader.execute(task);
        } catch (OutOfMemoryError e) { // no thread can be started; close() would wait for the task forever
            task.run();
        }
    }

    private BlockRead plan() throws PosixException {
        var first = lookAt(position);
        if (first.way() == BlockRead.Way.HOLE) {
            return new BlockRead(source, List.of(first), reader.zeros());
        }
        if (first.way() == BlockRead.Way.UNSETTLED) {
            return new BlockRead(source, List.of(first), reader.zeros());
        }
        var blocks = new ArrayList<>(List.of(first));
        long end = first.range().endBytes();
        while (first.way() == BlockRead.Way.DIRECT
                && blocks.size() < DeviceReader.BLOCKS_PER_READ
                && end < content.endBytes()) {
            var next = lookAt(end);
            if (next.way() != BlockRead.Way.DIRECT) {
                peeked = next;
                break;
            }
            blocks.add(next);
            end = next.range().endBytes();
        }
        return new BlockRead(source, blocks, reader.takeBuffer());
    }

    private BlockRead.Planned lookAt(long offset) throws PosixException {
        var known = peeked;
        peeked = null;
        if (known != null && known.range().offsetBytes() == offset) {
            return known;
        }
        long end = Math.min(ByteRange.endOfUnit(offset, DeviceReader.BLOCK_BYTES), content.endBytes());
        return planned(ByteRange.between(offset, end));
    }

    private BlockRead.Planned planned(ByteRange range) throws PosixException {
        var state = source.inquiry().of(range);
        if (!source.inquiry().isSettled(state)) {
            return new BlockRead.Planned(range, state, BlockRead.Way.UNSETTLED);
        }
        var segment = holes.at(range.offsetBytes());
        if (segment.isHole() && segment.range().endBytes() >= range.endBytes()) {
            return new BlockRead.Planned(range, state, BlockRead.Way.HOLE);
        }
        var way = source.file().isDirect(range) ? BlockRead.Way.DIRECT : BlockRead.Way.BUFFERED;
        return new BlockRead.Planned(range, state, way);
    }

    /**
     * Reads a block once more, into a buffer of the caller's: after a suspicion, or to see whether it has settled. Neither the
     * order of {@link #next} nor its buffers are touched.
     *
     * @param into of {@link DeviceReader#BLOCK_BYTES}
     * @return null where the file ends before it now
     */
    public @Nullable DeviceBlock reread(ByteRange block, NativeBuffer into) throws PosixException {
        var planned = planned(block);
        NativeBuffer buffer = planned.way() == BlockRead.Way.HOLE ? reader.zeros() : into;
        var blocks = new BlockRead(source, List.of(planned), buffer).call();
        return blocks.isEmpty() ? null : blocks.get(0);
    }

    /**
     * Puts together what others read of the block now: the page cache's copy of the pages that it has, and the device's of those
     * that it has not. Only to be asked where the device's sum is not the expected one: it is a read of its own.
     *
     * @param into of {@link DeviceReader#BLOCK_BYTES}
     * @return bytes of the block that the page cache gave; 0 where it has none, or the kernel does not tell, or the block is
     *     unreadable and not all in the page cache, and then {@code into} means nothing
     */
    public long readCached(DeviceBlock block, NativeBuffer into) throws PosixException {
        if (!source.inquiry().isResidencyKnown() || block.range().isEmpty()) {
            return 0;
        }
        var pages = source.inquiry().pages(block.range());
        if (pages.isEmpty() || (!block.provenance().hasBytes() && !pages.isFull())) {
            return 0;
        }
        if (block.provenance().hasBytes()) {
            into.first(block.lengthBytes()).put(block.buffer().slice(block.offsetBytes(), block.lengthBytes()));
        }
        long cached = 0;
        for (ByteRange run : pages.residentRuns()) {
            int at = (int) (run.offsetBytes() - block.range().offsetBytes());
            int room = (int) Math.min(into.sizeBytes() - at, run.lengthBytes());
            try (var part = into.part(at, room)) {
                cached += reader.posix().io().pread(file, part, run);
            }
        }
        return cached;
    }

    private static List<DeviceBlock> resultOf(Pending pending) throws PosixException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return pending.task().get();
                } catch (InterruptedException e) {
                    interrupted = true; // a read ends by itself, and its buffer is in use until then
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof PosixException failure) {
                        throw failure;
                    }
                    throw new IllegalStateException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void release() {
        Pending last = current;
        current = null;
        if (last != null) {
            reader.giveBuffer(last.read().buffer());
        }
    }

    /** Waits for reads that nobody wants any more. */
    private void drain() {
        for (Pending left = pending.poll(); left != null; left = pending.poll()) {
            try {
                var unused = resultOf(left);
            } catch (PosixException e) {
                // Of a block that lies beyond the end, or after an error that has been reported.
            }
            reader.giveBuffer(left.read().buffer());
        }
    }

    /** Waits for reads that are under way: nothing can end them. */
    @Override
    public void close() throws PosixException {
        ended = true;
        ready.clear();
        drain();
        release();
        reader.end(this);
        source.file().close();
    }
}
