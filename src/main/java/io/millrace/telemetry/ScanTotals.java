// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.pagecache.CacheEffect;
import io.millrace.scan.job.ScanStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Totals of all scans since the service started, including running ones. The totals never decrease, although ended
 * scans leave the list of statuses and a status may be older than the event of its scan's end. Any thread.
 */
public final class ScanTotals {
    /** An ended scan is remembered until long after it has left the list of statuses. */
    private static final int MAX_REMEMBERED = 1000;

    private final Map<String, Progress> seen = new HashMap<>();
    private final Deque<String> over = new ArrayDeque<>();
    private Progress sum = Progress.NONE;

    /**
     * The progress of one scan, or of all scans.
     *
     * @param bytes including holes
     * @param readBytes as {@link io.millrace.scan.ReadFigures#bytes}
     * @param deviceBytes as {@link io.millrace.scan.ReadFigures#deviceBytes}
     */
    public record Progress(long bytes, long readBytes, long deviceBytes, Duration yielded, CacheEffect effect) {
        static final Progress NONE = new Progress(0, 0, 0, Duration.ZERO, CacheEffect.NONE);

        static Progress of(ScanStatus status) {
            return new Progress(
                    status.bytes(),
                    status.read().bytes(),
                    status.read().deviceBytes(),
                    status.yielded(),
                    status.effect());
        }

        Progress plus(Progress more) {
            return new Progress(
                    bytes + more.bytes,
                    readBytes + more.readBytes,
                    deviceBytes + more.deviceBytes,
                    yielded.plus(more.yielded),
                    effect.plus(more.effect));
        }

        /** Returns the difference to an earlier progress. */
        Progress beyond(Progress before) {
            return new Progress(
                    more(bytes, before.bytes),
                    more(readBytes, before.readBytes),
                    more(deviceBytes, before.deviceBytes),
                    Duration.ofNanos(more(yielded.toNanos(), before.yielded.toNanos())),
                    beyond(effect, before.effect));
        }

        private static CacheEffect beyond(CacheEffect now, CacheEffect then) {
            return new CacheEffect(
                    more(now.dontCacheBytes(), then.dontCacheBytes()),
                    more(now.dropBehindBytes(), then.dropBehindBytes()),
                    more(now.plainBytes(), then.plainBytes()),
                    more(now.holeBytes(), then.holeBytes()),
                    more(now.hotBeforeBytes(), then.hotBeforeBytes()),
                    more(now.hotAfterBytes(), then.hotAfterBytes()),
                    more(now.leftBytes(), then.leftBytes()),
                    more(now.releasedBytes(), then.releasedBytes()),
                    more(now.unknownBytes(), then.unknownBytes()));
        }

        private static long more(long now, long then) {
            return Math.max(0, now - then);
        }
    }

    /** Updates the totals from the current statuses and returns them. */
    public synchronized Progress sample(Collection<ScanStatus> statuses) {
        statuses.forEach(this::take);
        return sum;
    }

    /** Adds the final status of a scan. */
    public synchronized void ended(ScanStatus status) {
        take(status);
        over.add(status.id());
        if (over.size() > MAX_REMEMBERED) {
            seen.remove(over.remove());
        }
    }

    private void take(ScanStatus status) {
        Progress before = seen.getOrDefault(status.id(), Progress.NONE);
        Progress gained = Progress.of(status).beyond(before);
        seen.put(status.id(), before.plus(gained));
        sum = sum.plus(gained);
    }
}
