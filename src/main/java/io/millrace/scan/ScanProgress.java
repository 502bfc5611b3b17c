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

/** How far a scan is, and whether it is to stop. Any thread may look at any time. */
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

    /** A consumer has taken bytes of the file for the first time, before they have passed the others. */
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

    /** Ends the scan for a reason of its own. */
    void abandon() {
        abandoned = true;
    }

    boolean isStopping() {
        return abandoned || stop.isRequested();
    }

    /**
     * As {@link #isStopping}, for a thread that looks again and again while it waits for what is not the scan's own: a
     * rate, an operator, a worker, another scan.
     */
    boolean isWaitOver() {
        moved();
        return isStopping();
    }

    /** Something went on, or there is a good reason why nothing does. */
    void moved() {
        movedNanos = System.nanoTime();
    }

    /** How long nothing has gone on without a good reason. */
    public long idleNanos() {
        return System.nanoTime() - movedNanos;
    }

    /** The calling thread opens a file. */
    void entered(WalkEntry found) {
        reading.put(Thread.currentThread(), found.path());
    }

    /** The calling thread has closed its file. */
    void left() {
        reading.remove(Thread.currentThread());
    }

    /** Some of the files that are open. */
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

    /** Bytes that have passed every consumer. */
    public long bytes() {
        return bytes.sum();
    }

    /** Files that are finished, well or not. */
    public long files() {
        return files.sum();
    }
}
