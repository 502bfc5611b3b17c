// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of the page cache all windows of a scan hold at a moment, and the most it ever was. Any thread. */
public final class PeakGauge {
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong peak = new AtomicLong();

    void change(long deltaBytes) {
        long now = bytes.addAndGet(deltaBytes);
        peak.accumulateAndGet(now, Math::max);
    }

    /** The most, as far as it was sampled: at every batch that a window lets go. */
    public long peakBytes() {
        return peak.get();
    }
}
