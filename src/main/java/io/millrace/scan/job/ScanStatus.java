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
 * Snapshot of a scan.
 *
 * @param id short and unique within the lifetime of the service: {@code backups-3}, {@code request-1}
 * @param files number of files processed, successfully or not
 * @param bytes bytes that all consumers have processed, holes of sparse files included
 * @param totalBytes estimate of how much the scan will read in total, from a count that runs in parallel; empty until
 *     that has ended
 * @param read bytes read and read rates, without holes
 * @param rateBytesPerSecond rate limit of the scan; {@link RateLimiter#UNLIMITED} for none
 * @param yielded total time for which the scan has yielded
 * @param stalled duration of the longest native call in progress, if at least 5 seconds; otherwise zero
 * @param reading some of the open files, in display form
 * @param effect effect of the completed files on the page cache
 * @param policy what the scan may do to the page cache
 * @param error one line that says why the scan failed
 * @param recorded what the catalog makes of it; empty for a scan that does not use it
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
        Optional<String> error,
        Optional<CatalogOutcome> recorded) {
    /** Creates the status of a scan that has nothing to do with the catalog. */
    public ScanStatus(
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
        this(
                id,
                source,
                state,
                started,
                ended,
                files,
                failed,
                changed,
                workersFailed,
                bytes,
                totalBytes,
                read,
                rateBytesPerSecond,
                yielded,
                stalled,
                reading,
                effect,
                policy,
                error,
                Optional.empty());
    }

    /** Returns the average over the last five seconds or, for an ended scan, over the whole scan; without holes. */
    public double bytesPerSecond() {
        return read.bytesPerSecond();
    }
}
