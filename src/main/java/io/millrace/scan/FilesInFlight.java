// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.function.IntConsumer;

/**
 * Adapts how many small files a scan reads at a time. The number is that of large files while small files come from the
 * page cache. It grows, up to a limit, while the threads mostly wait for the device, and falls when they no longer do.
 * This keeps a device with a deep queue busy, whatever it reports about itself (virtual disks report that they are
 * rotational). Any thread.
 */
final class FilesInFlight {
    /** A thread that waits for the device for more than this share of its time requests one more file in flight. */
    private static final double MANY_WAITS = 0.5;

    /** A thread that waits for less than this share requests one file less. */
    private static final double FEW_WAITS = 0.2;

    /**
     * Shortest span over which a thread computes its share, so that one file during which it lost the processor does
     * not decide.
     */
    private static final long MIN_SPAN_NANOS = 2_000_000;

    private static final int MIN_SPAN_FILES = 8;

    private final int min;
    private final int max;
    private final ScanScheduler scheduler;
    private final IntConsumer onRaised;

    @GuardedBy("this") private int now;

    /** @param onRaised gets the new number when it was raised, so that there are enough threads */
    FilesInFlight(int min, int max, ScanScheduler scheduler, IntConsumer onRaised) {
        this.min = min;
        this.max = Math.max(min, max);
        this.scheduler = scheduler;
        this.onRaised = onRaised;
        this.now = min;
    }

    /** One thread's measurement: time spans, and how much of them the thread waited for the device. */
    final class Waits {
        private long waitNanos;
        private long spanNanos;
        private int spanFiles;
        private int waits;

        /**
         * Adds a small file that took {@code fileNanos}, of which the thread waited {@code deviceNanos} for the device.
         */
        void add(long fileNanos, long deviceNanos) {
            spanNanos += fileNanos;
            waitNanos += deviceNanos;
            spanFiles++;
            waits += deviceNanos > 0 ? 1 : 0;
            if (spanNanos >= MIN_SPAN_NANOS && spanFiles >= MIN_SPAN_FILES) {
                double share = (double) waitNanos / spanNanos;
                boolean often = 2 * waits > spanFiles;
                spanNanos = 0;
                waitNanos = 0;
                spanFiles = 0;
                waits = 0;
                if (share > MANY_WAITS && often) {
                    change(1);
                } else if (share < FEW_WAITS || !often) {
                    change(-1);
                }
            }
        }
    }

    private void change(int by) {
        int wanted;
        synchronized (this) {
            wanted = Math.max(min, Math.min(max, now + by));
            if (wanted == now) {
                return;
            }
            now = wanted;
            scheduler.limitSmallFiles(wanted);
        }
        if (by > 0) {
            onRaised.accept(wanted);
        }
    }
}
