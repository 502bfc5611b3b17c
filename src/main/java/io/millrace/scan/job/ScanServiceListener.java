// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import io.millrace.scan.FileResult;
import io.millrace.scan.ScanListener;
import io.millrace.scan.ScanSummary;
import java.io.IOException;
import java.util.Optional;

/** Hears of all scans of a service. Called by their threads, several at a time; must not wait long. */
public interface ScanServiceListener {
    default void started(ScanStatus status) {}

    /** As {@link ScanListener#fileFinished}; {@code scan} is the id. An exception fails the scan. */
    default void fileFinished(String scan, FileResult result) throws IOException {}

    /** {@code summary} is absent where the scan failed. */
    default void ended(ScanStatus status, Optional<ScanSummary> summary) {}

    /** One read of this many bytes took so long, the wait for the device included, and not that for a rate. */
    default void read(long bytes, long nanos) {}

    /** The device's block scheduler ignores the I/O class that a scan is to have; told once for each device. */
    default void ioClassIgnored(String device, String scheduler) {}

    /** The host does not tell of I/O pressure, so no scan will make way; told once. One line says why. */
    default void pressureUnknown(String why) {}
}
