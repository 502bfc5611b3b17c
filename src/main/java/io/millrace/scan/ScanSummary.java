// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.CacheEffect;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.walk.Skipped;
import java.util.Set;

/**
 * Totals of a scan.
 *
 * @param files number of files that were read as far as a consumer needed them: to their end, unless every worker
 *     stopped reading early
 * @param failed number of files that could not be read to their end, and of directories that could not be listed
 * @param changed number of {@code files} that were altered while they were read
 * @param workersFailed number of {@code files} with which a worker did not succeed
 * @param skipped directory entries that were not to be read
 * @param bytes bytes that were read, or are known to be zeros
 * @param peakWindowBytes largest amount of page cache that the scan held at a time
 * @param stopped whether the scan was asked to stop before its end
 * @param digests algorithms that were computed
 */
public record ScanSummary(
        long files,
        long failed,
        long changed,
        long workersFailed,
        Skipped skipped,
        long bytes,
        double seconds,
        CacheEffect effect,
        long peakWindowBytes,
        boolean stopped,
        Set<DigestAlgorithm> digests) {

    /** Returns the rate without holes, which are not read. */
    public double bytesPerSecond() {
        return seconds > 0 ? Math.max(0, bytes - effect.holeBytes()) / seconds : 0;
    }

    /**
     * Whether every file was read to its end, none changed while being read, every worker succeeded, and the scan was not
     * stopped.
     */
    public boolean isGood() {
        return failed == 0 && changed == 0 && workersFailed == 0 && !stopped;
    }
}
