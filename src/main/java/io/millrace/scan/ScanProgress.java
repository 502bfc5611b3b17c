// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.lifecycle.CancellationToken;
import io.millrace.pagecache.Chunk;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.throttle.RateMeter;
import io.millrace.scan.walk.WalkEntry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Progress counters of a scan, and its stop state. Any thread may read them at any time. */
public final class ScanProgress {
    private final LongAdder bytes = new LongAdder();
    private final LongAdder files = new LongAdder();
    private final CancellationToken stop;

    /** The file that each thread has open. */
    private final Map<Thread, BytePath> reading = new ConcurrentHashMap<>();

    private final LongAdder readBytes = new LongAdder();
    private final LongAdder deviceBytes = new LongAdder();
    private final RateMeter passing = new RateMeter(System::nanoTime);
    private final RateMeter reads = new RateMeter(System::nanoTime);
    private final RateMeter deviceReads = new RateMeter(System::nanoTime);
    private volatile long movedNanos = System.nanoTime();
    private volatile boolean abandoned;

    public ScanProgress(CancellationToken stop) {
        this.stop = stop;
    }

    public void addBytes(long count) {
        bytes.add(count);
        passing.add(count);
        moved();
    }

    /** Counts bytes that the first consumer has read, before the other consumers have processed them. */
    void addRead(Chunk.Kind kind, long count) {
        if (count == 0) {
            return;
        }
        readBytes.add(count);
        reads.add(count);
        if (kind == Chunk.Kind.STORED) {
            deviceBytes.add(count);
            deviceReads.add(count);
        }
    }

    public void addFiles(long count) {
        files.add(count);
        moved();
    }

    /** Stops the scan because of a failure in the scan itself. */
    void abandon() {
        abandoned = true;
    }

    boolean isStopping() {
        return abandoned || stop.isRequested();
    }

    /**
     * Like {@link #isStopping}, for a thread that polls while it waits for something outside the scan: a rate limit, a
     * pause, a worker or another scan. The wait counts as progress.
     */
    boolean isWaitOver() {
        moved();
        return isStopping();
    }

    /** Records progress, or an accepted reason for having none. */
    void moved() {
        movedNanos = System.nanoTime();
    }

    /** Returns the time since the last recorded progress, in nanoseconds. */
    public long idleNanos() {
        return System.nanoTime() - movedNanos;
    }

    /** Records that the calling thread opens a file. */
    void entered(WalkEntry found) {
        reading.put(Thread.currentThread(), found.path());
    }

    /** Records that the calling thread has closed its file. */
    void left() {
        reading.remove(Thread.currentThread());
    }

    /** Returns at most {@code most} of the open files. */
    public List<BytePath> reading(int most) {
        return reading.values().stream().limit(most).toList();
    }

    public ReadFigures figures() {
        return new ReadFigures(
                readBytes.sum(),
                deviceBytes.sum(),
                reads.bytesPerSecond(),
                deviceReads.bytesPerSecond(),
                passing.bytesPerSecond());
    }

    /** Returns how many bytes all consumers have processed. */
    public long bytes() {
        return bytes.sum();
    }

    /** Returns how many files have been processed, successfully or not. */
    public long files() {
        return files.sum();
    }
}
