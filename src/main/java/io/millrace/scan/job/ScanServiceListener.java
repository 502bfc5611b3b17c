// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import io.millrace.scan.FileResult;
import io.millrace.scan.ScanListener;
import io.millrace.scan.ScanSummary;
import io.millrace.scan.record.RecordedFile;
import java.io.IOException;
import java.util.Optional;

/**
 * Receives the events of all scans of a service. The scans' threads call it concurrently; it must not block for long.
 */
public interface ScanServiceListener {
    default void started(ScanStatus status) {}

    /** Like {@link ScanListener#fileFinished}; {@code scan} is the id. An exception fails the scan. */
    default void fileFinished(String scan, FileResult result) throws IOException {}

    /**
     * A file of a scan that uses the catalog: called in place of {@link #fileFinished}, after what is recorded of it is durable.
     * Missing files have no result.
     */
    default void fileRecorded(String scan, RecordedFile file) throws IOException {
        if (file.result() != null) {
            fileFinished(scan, file.result());
        }
    }

    /** {@code summary}: empty if the scan failed. */
    default void ended(ScanStatus status, Optional<ScanSummary> summary) {}

    /**
     * One read of {@code bytes} took {@code nanos}, including the wait for the device and excluding that for a rate
     * limit.
     */
    default void read(long bytes, long nanos) {}

    /** The block scheduler of the device ignores the I/O class that a scan is to use. Called once per device. */
    default void ioClassIgnored(String device, String scheduler) {}

    /** The host does not report I/O pressure, so no scan will yield. Called once; {@code why} is one line. */
    default void pressureUnknown(String why) {}
}
