// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.function.IntConsumer;

/**
 * How many small files a scan reads at a time: as many as it has for large ones while they come from the page cache, and more
 * while its threads mostly wait for the device, until they do not, up to a limit. A device that serves several requests at a
 * time is kept busy thus, whatever it says of itself (virtual disks call themselves rotational). Any thread.
 */
final class FilesInFlight {
    /** Above this share of its time, spent waiting for the device, a thread asks for another beside it. */
    private static final double MANY_WAITS = 0.5;

    /** Below this share it asks for one less. */
    private static final double FEW_WAITS = 0.2;

    /** Over which a thread takes its share: so that one file at which it lost the processor does not decide. */
    private static final long MIN_SPAN_NANOS = 2_000_000;

    private static final int MIN_SPAN_FILES = 8;

    private final int min;
    private final int max;
    private final ScanScheduler scheduler;
    private final IntConsumer onRaised;

    @GuardedBy("this") private int now;

    /** @param onRaised gets the new number when there may be more than before, so that there are threads for them */
    FilesInFlight(int min, int max, ScanScheduler scheduler, IntConsumer onRaised) {
        this.min = min;
        this.max = Math.max(min, max);
        this.scheduler = scheduler;
        this.onRaised = onRaised;
        this.now = min;
    }

    /** Of one thread: spans of time, and how much of them it waited for the device. */
    final class Waits {
        private long waitNanos;
        private long spanNanos;
        private int spanFiles;
        private int waits;

        /** A small file took so long, and waited for the device for a part of it. */
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
