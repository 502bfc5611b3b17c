// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

/** Hears of all scans of a service. Called by their threads, several at a time; must not wait long. */
public interface ScansListener {
    default void started(ScanStatus status) {}

    /** As {@link ScanListener#fileFinished}; {@code scan} is the id. An exception fails the scan. */
    default void fileFinished(String scan, FileResult result) throws java.io.IOException {}

    /** {@code summary} is absent where the scan failed. */
    default void ended(ScanStatus status, java.util.Optional<ScanSummary> summary) {}

    /** One read of this many bytes took so long, the wait for the device included, and not that for a rate. */
    default void read(long bytes, long nanos) {}
}
