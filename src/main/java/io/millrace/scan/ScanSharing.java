// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.posix.FileStatus;
import io.millrace.scan.throttle.InodeLocks;
import io.millrace.scan.throttle.RateLimiter;
import io.millrace.scan.throttle.ReadGate;
import java.util.function.Consumer;

/**
 * The objects that a scan shares with the other scans of its service.
 *
 * @param gate read gate of this scan
 * @param turns inode locks of all scans
 * @param opened called for every opened file, on the thread that opened it, before it is read
 */
public record ScanSharing(ReadGate gate, InodeLocks turns, Consumer<FileStatus> opened) {
    /** Creates the objects for a scan that runs alone. */
    static ScanSharing alone(RateLimiter limiter) {
        return new ScanSharing(ReadGate.of(limiter), InodeLocks.ofOneScan(), status -> {});
    }
}
