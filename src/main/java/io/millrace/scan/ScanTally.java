// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.CacheEffect;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.walk.Skipped;
import io.millrace.units.ByteSize;
import java.io.IOException;
import java.util.Set;

/** Accumulates the totals of a {@link ScanSummary}. Any thread. */
final class ScanTally {
    private final Set<DigestAlgorithm> digests;
    private long files;
    private long failed;
    private long changed;
    private long workersFailed;
    private long bytes;
    private CacheEffect effect = CacheEffect.NONE;

    /** {@code digests}: algorithms of the scan. */
    ScanTally(Set<DigestAlgorithm> digests) {
        this.digests = digests;
    }

    /** Returns a listener that counts each result and forwards it to {@code listener}. */
    ScanListener before(ScanListener listener) {
        return new ScanListener() {
            @Override
            public void fileFinished(FileResult result) throws IOException {
                count(result);
                listener.fileFinished(result);
            }
        };
    }

    private synchronized void count(FileResult result) {
        if (result.error().isPresent()) {
            failed++;
        } else {
            files++;
            changed += result.change().isPresent() ? 1 : 0;
            workersFailed += result.isDoneByAll() ? 0 : 1;
        }
    }

    synchronized void add(CacheEffect more, long moreBytes) {
        effect = effect.plus(more);
        bytes = ByteSize.sum(bytes, moreBytes);
    }

    synchronized ScanSummary summary(Skipped skipped, double seconds, long peakWindowBytes, boolean stopped) {
        return new ScanSummary(
                files,
                failed,
                changed,
                workersFailed,
                skipped,
                bytes,
                seconds,
                effect,
                peakWindowBytes,
                stopped,
                digests);
    }
}
