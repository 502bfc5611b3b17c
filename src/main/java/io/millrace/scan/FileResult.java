// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.posix.libc.BytePath;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.worker.WorkerOutcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of one file.
 *
 * @param bytes read, or known to be zeros in a hole
 * @param digests by algorithm, most significant byte first; empty unless all of the file was read
 * @param seconds from opening to closing it; without the wait for workers where small files go in batches
 * @param change how it was altered while it was read, in words; the digests are then of no certain content
 * @param workers how each worker fared with it, in the order in which they were named
 * @param error why it was not read to its end: one line with file, call and errno
 */
public record FileResult(
        BytePath path,
        long bytes,
        Map<DigestAlgorithm, byte[]> digests,
        List<WorkerOutcome> workers,
        double seconds,
        Optional<String> change,
        Optional<String> error) {

    static FileResult failed(BytePath path, long bytes, List<WorkerOutcome> workers, double seconds, String error) {
        return new FileResult(path, bytes, Map.of(), workers, seconds, Optional.empty(), Optional.of(error));
    }

    /** How much it weighs while it waits to be told: what workers said. */
    int outputLength() {
        int length = 0;
        for (WorkerOutcome outcome : workers) {
            length += outcome.output().length();
        }
        return length;
    }

    /** Whether the file was read to its end, stayed as it was meanwhile, and every worker did well. */
    public boolean isGood() {
        return error.isEmpty() && change.isEmpty() && isDoneByAll();
    }

    FileResult with(List<WorkerOutcome> outcomes, Optional<String> how) {
        return new FileResult(path, bytes, digests, outcomes, seconds, how, error);
    }

    /** Whether every worker has done its work. */
    public boolean isDoneByAll() {
        for (WorkerOutcome outcome : workers) {
            if (!outcome.isDone()) {
                return false;
            }
        }
        return true;
    }
}
