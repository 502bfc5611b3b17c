// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.observe;

/**
 * Has a scan observe the files that it reads. For one scan; any thread.
 */
public final class Observing {
    /** Where the bytes that are observed come from. */
    public enum Reading {
        /** From the reads that the scan makes for digests and workers: hot pages come from the page cache. */
        AS_SCANNED,
        /** From the device, whatever the page cache holds. */
        DEVICE
    }

    private final Reading reading;
    private final Baselines baselines;
    private final LinkedFiles links = new LinkedFiles();

    public Observing(Reading reading, Baselines baselines) {
        this.reading = reading;
        this.baselines = baselines;
    }

    Reading reading() {
        return reading;
    }

    Baselines baselines() {
        return baselines;
    }

    /** Files with several names, which are read once. */
    public LinkedFiles links() {
        return links;
    }
}
