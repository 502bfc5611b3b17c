// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.CachePolicy;
import io.millrace.scan.ReadFigures;
import io.millrace.scan.throttle.RateLimiter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A scan at one moment.
 *
 * @param id unique within the service's life and short: {@code backups-3}, {@code request-1}
 * @param files finished, well or not
 * @param bytes that every consumer is done with, holes of sparse files included
 * @param totalBytes what it will have read in the end, as counted beside it; empty until that count has ended
 * @param read without holes, and how fast
 * @param rateBytesPerSecond its limit, {@link RateLimiter#UNLIMITED} for none
 * @param yielded time in which it made way
 * @param stalled for how long the longest of its calls into the kernel that has not returned has lasted, from 5 seconds on;
 *     zero where there is none
 * @param reading a few of the files under way, display form
 * @param effect on the page cache, of the files that are finished
 * @param policy what it may do to the page cache
 * @param error why it failed, one line
 */
public record ScanStatus(
        String id,
        Optional<String> source,
        ScanState state,
        Instant started,
        Optional<Instant> ended,
        long files,
        long failed,
        long changed,
        long workersFailed,
        long bytes,
        OptionalLong totalBytes,
        ReadFigures read,
        long rateBytesPerSecond,
        Duration yielded,
        Duration stalled,
        List<String> reading,
        CacheEffect effect,
        CachePolicy policy,
        Optional<String> error) {

    /** Over the last five seconds, without holes; of a scan that is over, on the whole. */
    public double bytesPerSecond() {
        return read.bytesPerSecond();
    }
}
