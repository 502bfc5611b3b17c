// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.posix.FileStatus;
import io.millrace.scan.throttle.InodeLocks;
import io.millrace.scan.throttle.RateLimiter;
import io.millrace.scan.throttle.ReadGate;
import java.util.function.Consumer;

/**
 * What ties a scan to the others of its service.
 *
 * @param pace this scan's
 * @param turns of all scans
 * @param opened hears of every file that was opened; by the thread that did, before it reads
 */
public record ScanSharing(ReadGate pace, InodeLocks turns, Consumer<FileStatus> opened) {
    /** Of a scan that is the only one. */
    static ScanSharing alone(RateLimiter limiter) {
        return new ScanSharing(ReadGate.of(limiter), InodeLocks.ofOneScan(), status -> {});
    }
}
