// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import java.util.concurrent.atomic.AtomicLong;

/** Page cache bytes held by all windows of a scan, and their maximum. Any thread. */
public final class PeakGauge {
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong peak = new AtomicLong();

    void change(long deltaBytes) {
        long now = bytes.addAndGet(deltaBytes);
        peak.accumulateAndGet(now, Math::max);
    }

    /** The maximum of all samples; a window samples at every batch that it drops. */
    public long peakBytes() {
        return peak.get();
    }
}
