// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.posix.libc.BytePath;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.observe.ObservedFile;
import io.millrace.worker.WorkerOutcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Result of one file.
 *
 * @param bytes bytes that were read, or are known to be zeros in a hole
 * @param digests by algorithm, most significant byte first; empty unless the whole file was read
 * @param seconds from opening to closing the file; without the wait for workers if small files are sent in batches
 * @param change how the file was altered while it was read, as text; the digests then belong to no certain content
 * @param workers outcome of each worker, in the order in which the workers were configured
 * @param error why the file was not read to its end: one line with file, call and errno
 * @param observed null unless the scan observes, and the file could be read, or all of it but some blocks
 */
public record FileResult(
        BytePath path,
        long bytes,
        Map<DigestAlgorithm, byte[]> digests,
        List<WorkerOutcome> workers,
        double seconds,
        Optional<String> change,
        Optional<String> error,
        @Nullable ObservedFile observed) {

    /** Creates the result of a file that was not observed. */
    public FileResult(
            BytePath path,
            long bytes,
            Map<DigestAlgorithm, byte[]> digests,
            List<WorkerOutcome> workers,
            double seconds,
            Optional<String> change,
            Optional<String> error) {
        this(path, bytes, digests, workers, seconds, change, error, null);
    }

    /** Returns a copy with what was observed. */
    FileResult with(@Nullable ObservedFile seen) {
        return seen == null ? this : new FileResult(path, bytes, digests, workers, seconds, change, error, seen);
    }

    static FileResult failed(BytePath path, long bytes, List<WorkerOutcome> workers, double seconds, String error) {
        return new FileResult(path, bytes, Map.of(), workers, seconds, Optional.empty(), Optional.of(error));
    }

    /** Returns the length of all worker output in characters, which is what the result costs while it is buffered. */
    int outputLength() {
        int length = 0;
        for (WorkerOutcome outcome : workers) {
            length += outcome.output().length();
        }
        return length;
    }

    /** Whether the file was read to its end, did not change meanwhile, and every worker succeeded. */
    public boolean isGood() {
        return error.isEmpty() && change.isEmpty() && isDoneByAll();
    }

    FileResult with(List<WorkerOutcome> outcomes, Optional<String> how) {
        return new FileResult(path, bytes, digests, outcomes, seconds, how, error, observed);
    }

    /** Whether every worker succeeded. */
    public boolean isDoneByAll() {
        for (WorkerOutcome outcome : workers) {
            if (!outcome.isDone()) {
                return false;
            }
        }
        return true;
    }
}
