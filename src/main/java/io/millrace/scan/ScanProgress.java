// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.lifecycle.StopSignal;
import java.util.concurrent.atomic.LongAdder;

/** How far a scan is, and whether it is to stop. Any thread may look at any time. */
public final class ScanProgress {
    private final LongAdder bytes = new LongAdder();
    private final LongAdder files = new LongAdder();
    private final StopSignal stop;
    private volatile boolean abandoned;

    ScanProgress(StopSignal stop) {
        this.stop = stop;
    }

    void addBytes(long count) {
        bytes.add(count);
    }

    void addFile() {
        files.increment();
    }

    /** Ends the scan for a reason of its own. */
    void abandon() {
        abandoned = true;
    }

    boolean isStopping() {
        return abandoned || stop.isRequested();
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
