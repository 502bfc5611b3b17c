// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.CacheEffect;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.walk.Skipped;
import java.util.Set;

/**
 * What became of a scan.
 *
 * @param files that were read as far as anybody wanted them: to their end, unless every worker left early
 * @param failed that could not be read to their end, directories that could not be listed included
 * @param changed of the files, those altered while they were read
 * @param workersFailed of the files, those with which a worker did not do well
 * @param skipped entries of directories that nobody wanted read
 * @param bytes read, or known to be zeros
 * @param peakWindowBytes the most page cache that the scan held at a time
 * @param stopped whether it was asked to stop before the end
 * @param digests that were computed
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

    /** Without holes, where nothing is read. */
    public double bytesPerSecond() {
        return seconds > 0 ? Math.max(0, bytes - effect.holeBytes()) / seconds : 0;
    }

    /** Whether every file was read to its end, none changed meanwhile, and every worker did well. */
    public boolean isGood() {
        return failed == 0 && changed == 0 && workersFailed == 0 && !stopped;
    }
}
