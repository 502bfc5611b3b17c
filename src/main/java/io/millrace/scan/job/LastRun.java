// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How the last run of a source that is over went; remembered over restarts.
 *
 * @param ended when
 * @param duration since it began
 * @param files finished, well or not
 * @param failed of the files, those that could not be read to their end
 * @param workersFailed of the files, those with which a worker did not do well
 * @param bytes read, or known to be zeros
 * @param hotBeforeBytes that were in the page cache before it reached them
 * @param hotAfterBytes of these, those still there behind it
 * @param problem how it ended badly, one line; empty where it ended well
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

    /** {@link #duration}, to the millisecond. */
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
