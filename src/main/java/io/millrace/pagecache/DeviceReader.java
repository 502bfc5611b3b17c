// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.NativeCall;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the device holds of a file, whatever the page cache holds of it, and leaves the page cache as it was. A block is
 * looked at first (cachestat(2), or mincore(2) where that is missing). A clean one is read with O_DIRECT by a second
 * descriptor, resident or not, several reads of 4 MiB at a time. A dirty one, or one that is being written, is not read, since
 * O_DIRECT would force it out. Each block comes with its {@link Provenance}: whether a read really went to the device is
 * told by the block layer's count, as file systems fall back to the page cache without a word.
 *
 * <p>One thread, for file after file; it has up to four threads of its own, which only read, and three buffers of 4 MiB more than threads, both
 * made when first needed. A mount that hangs holds the caller.
 */
public final class DeviceReader implements AutoCloseable {
    /** What is looked at, reported and kept a sum of. */
    public static final int BLOCK_BYTES = 1 << 20;

    static final int BLOCKS_PER_READ = 4;
    private static final int MAX_IN_FLIGHT = 4;
    private static final int SPARE_READS = 2;
    private static final AtomicInteger THREADS = new AtomicInteger();

    private final Posix posix;
    private final int readsInFlight;
    private final LongSupplier clock;
    private final List<Thread> started = new CopyOnWriteArrayList<>();
    private final Deque<NativeBuffer> free = new ArrayDeque<>();
    private @Nullable NativeBuffer zeros;
    private @Nullable ExecutorService threads;
    private @Nullable DevicePass pass;

    /** @param readsInFlight 1 to 4; solid-state disks are read at full speed by 3 */
    public DeviceReader(Posix posix, int readsInFlight) {
        this(posix, readsInFlight, () -> TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()));
    }

    /** {@code clock}: nanoseconds since 1970. */
    DeviceReader(Posix posix, int readsInFlight, LongSupplier clock) {
        if (readsInFlight < 1 || readsInFlight > MAX_IN_FLIGHT) {
            throw new IllegalArgumentException("1 to " + MAX_IN_FLIGHT + " reads in flight, not " + readsInFlight);
        }
        this.posix = posix;
        this.readsInFlight = readsInFlight;
        this.clock = clock;
    }

    /**
     * Begins with a file, of the size that {@code status} says. The caller closes the result before the next one, and the
     * descriptor after it.
     *
     * @param file a regular file, open for reading
     */
    public DevicePass begin(OwnedFd file, FileStatus status, MountTraits traits) throws PosixException {
        if (pass != null) {
            throw new IllegalStateException("the last file is not closed yet");
        }
        var begun = new DevicePass(this, file, status, traits);
        pass = begun;
        return begun;
    }

    void end(DevicePass ended) {
        if (pass == ended) {
            pass = null;
        }
    }

    Posix posix() {
        return posix;
    }

    /** How many reads may be under way or done before their turn, so that the device is busy while the caller is not. */
    int readsAhead() {
        return readsInFlight + SPARE_READS;
    }

    LongSupplier clock() {
        return clock;
    }

    /** A block of zeros, which nobody writes. */
    NativeBuffer zeros() {
        NativeBuffer known = zeros;
        if (known == null) {
            known = NativeBuffer.allocate(BLOCK_BYTES);
            known.first(BLOCK_BYTES).put(new byte[BLOCK_BYTES]);
            zeros = known;
        }
        return known;
    }

    NativeBuffer takeBuffer() {
        NativeBuffer buffer = free.poll();
        return buffer != null ? buffer : NativeBuffer.allocate(BLOCKS_PER_READ * BLOCK_BYTES);
    }

    void giveBuffer(NativeBuffer buffer) {
        if (buffer != zeros) {
            free.push(buffer);
        }
    }

    void execute(Runnable read) {
        ExecutorService running = threads;
        if (running == null) {
            running = Executors.newFixedThreadPool(readsInFlight, factory());
            threads = running;
        }
        running.execute(read);
    }

    private ThreadFactory factory() {
        return work -> {
            var thread = new Thread(work, "device-read-" + THREADS.incrementAndGet());
            thread.setDaemon(true);
            started.add(thread);
            return thread;
        };
    }

    /** Whether one of its own threads is in a system call. Any thread. */
    public boolean isInKernel() {
        return started.stream().anyMatch(thread -> NativeCall.of(thread).isPresent());
    }

    @Override
    public void close() throws PosixException {
        DevicePass open = pass;
        if (open != null) {
            open.close();
        }
        if (threads != null) {
            threads.shutdown();
        }
        free.forEach(NativeBuffer::close);
        free.clear();
        if (zeros != null) {
            zeros.close();
        }
    }
}
