// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Summary of the last completed run of a source; kept across restarts.
 *
 * @param ended time of the end
 * @param duration from the start to the end
 * @param files number of files processed, successfully or not
 * @param failed number of {@code files} that could not be read to their end
 * @param workersFailed number of {@code files} with which a worker did not succeed
 * @param bytes bytes that were read, or are known to be zeros
 * @param hotBeforeBytes bytes that were in the page cache before the scan reached them
 * @param hotAfterBytes bytes of these that were still in the page cache after the scan
 * @param problem one line that says why the run did not succeed; empty if it did
 */
public record LastRun(
        Instant ended,
        Duration duration,
        long files,
        long failed,
        long workersFailed,
        long bytes,
        long hotBeforeBytes,
        long hotAfterBytes,
        Optional<String> problem) {

    /** Returns {@link #duration} in seconds, to the millisecond. */
    public double seconds() {
        return duration.toMillis() / 1e3;
    }

    public static LastRun of(ScanStatus status, Instant now, Optional<String> problem) {
        Instant ended = status.ended().orElse(now);
        Duration duration = Duration.between(status.started(), ended);
        return new LastRun(
                ended,
                duration.isNegative() ? Duration.ZERO : duration,
                status.files(),
                status.failed(),
                status.workersFailed(),
                status.bytes(),
                status.effect().hotBeforeBytes(),
                status.effect().hotAfterBytes(),
                problem);
    }
}
