// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.posix.FileStatus;
import java.util.function.Consumer;

/**
 * What ties a scan to the others of its service.
 *
 * @param pace this scan's
 * @param turns of all scans
 * @param opened hears of every file that was opened; by the thread that did, before it reads
 */
record Shared(Pace pace, FileTurns turns, Consumer<FileStatus> opened) {
    /** Of a scan that is the only one. */
    static Shared alone(RateLimiter limiter) {
        return new Shared(Pace.of(limiter), FileTurns.ofOneScan(), status -> {});
    }
}
