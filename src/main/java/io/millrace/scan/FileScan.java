// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.Mounts;
import io.millrace.pagecache.ReadPlan;
import io.millrace.posix.BytePath;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import io.millrace.worker.FileHead;
import io.millrace.worker.Outcome;
import io.millrace.worker.Outcome.Kind;
import io.millrace.worker.WorkerPool;
import java.io.EOFException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one file from open to close. Shared by the threads of a scan. */
final class FileScan {
    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * How it went.
     *
     * @param result null where the scan was stopped in the middle
     */
    record Scanned(@Nullable FileResult result, CacheEffect effect, long bytes) {}

    private final Posix posix;
    private final ScanOptions options;
    private final Workers workers;
    private final ScanProgress progress;
    private final FilePass pass;
    private final Mounts mounts;
    private final BytePath workingDirectory;

    FileScan(Posix posix, ScanOptions options, Workers workers, ScanProgress progress, FilePass pass)
            throws PosixException {
        this.posix = posix;
        this.options = options;
        this.workers = workers;
        this.progress = progress;
        this.pass = pass;
        this.mounts = new Mounts(posix);
        this.workingDirectory = posix.process().workingDirectory();
    }

    Scanned scan(Found found, Hand hand) throws InterruptedException {
        long start = System.nanoTime();
        if (found.error() != null) {
            return failure(found, start, 0, CacheEffect.NONE, List.of(), found.error());
        }
        try (var file = OpenedFile.open(posix, mounts, found)) {
            return read(found, file, hand, start);
        } catch (IOException e) {
            return failure(found, start, 0, CacheEffect.NONE, List.of(), words(found, e));
        }
    }

    private Scanned read(Found found, OpenedFile file, Hand hand, long start) throws IOException, InterruptedException {
        long size = file.status().sizeBytes();
        boolean digests = workers.isEmpty() || !hand.digests().isEmpty();
        var plan = ReadPlan.choose(posix, file.traits(), file.fd(), file.status(), wish(size, digests));
        FilePass.Result first;
        Map<DigestAlgorithm, byte[]> values;
        try {
            first = pass.first(file, plan, hand, digests, workers.pools(), head(found, size));
        } finally {
            values = hand.finish();
        }
        var outcomes = new HashMap<>(first.outcomes());
        CacheEffect effect = first.effect();
        if (first.failure() == null) {
            effect = effect.plus(retry(found, file, plan, hand, outcomes));
        }
        var inOrder = workers.pools().stream()
                .map(outcomes::get)
                .filter(Objects::nonNull)
                .toList();
        long bytes = digests ? first.digestedBytes() : first.frontBytes();
        if (first.failure() != null) {
            return failure(found, start, bytes, effect, inOrder, words(found, first.failure()));
        }
        if (first.digestedBytes() < size || inOrder.stream().anyMatch(o -> o.kind() == Kind.STOPPED)) {
            return new Scanned(null, effect, bytes);
        }
        Optional<String> change;
        try {
            change = file.change(posix).map(how -> found.path() + ": " + how);
        } catch (PosixException e) { // what was read and done to the page cache counts all the same
            return failure(found, start, bytes, effect, inOrder, words(found, e));
        }
        var result =
                new FileResult(found.path(), bytes, values, inOrder, secondsSince(start), change, Optional.empty());
        return new Scanned(result, effect, bytes);
    }

    /** Where several want the bytes, or pages are to be spliced, they have to stay until all have passed. */
    private ReadPlan.Wish wish(long sizeBytes, boolean digests) {
        int consumers = workers.pools().size() + (digests ? 1 : 0);
        boolean needsPages = !workers.isEmpty() && (consumers > 1 || sizeBytes > Feed.SMALL_BYTES);
        return needsPages ? options.wish().thatNeedsPages() : options.wish();
    }

    private FileHead head(Found found, long sizeBytes) {
        byte[] path = found.path().toBytes();
        return new FileHead(path[0] == '/' ? found.path() : workingDirectory.resolve(path), sizeBytes, workers.scan());
    }

    /** Gives the file once more to workers that failed, as often as each is configured for; what that did to the cache. */
    private CacheEffect retry(Found found, OpenedFile file, ReadPlan plan, Hand hand, Map<WorkerPool, Outcome> outcomes)
            throws PosixException, InterruptedException {
        CacheEffect effect = CacheEffect.NONE;
        int retries = 0;
        List<WorkerPool> again = failed(outcomes, retries);
        while (!again.isEmpty() && !progress.isStopping()) {
            retries++;
            int before = retries;
            var result = pass.again(
                    file, plan, hand, again, head(found, file.status().sizeBytes()));
            effect = effect.plus(result.effect());
            result.outcomes().forEach((pool, outcome) -> {
                if (outcome.kind() != Kind.QUARANTINED) { // what led to it says more
                    outcomes.put(pool, outcome.withAttempts(outcome.attempts() + before));
                }
            });
            again = failed(outcomes, retries);
        }
        return effect;
    }

    private List<WorkerPool> failed(Map<WorkerPool, Outcome> outcomes, int retries) {
        return workers.pools().stream()
                .filter(pool -> pool.spec().limits().retries() > retries)
                .filter(pool ->
                        outcomes.containsKey(pool) && outcomes.get(pool).kind().isWorkersFault())
                .toList();
    }

    private static Scanned failure(
            Found found, long start, long bytes, CacheEffect effect, List<Outcome> outcomes, String error) {
        return new Scanned(FileResult.failed(found.path(), bytes, outcomes, secondsSince(start), error), effect, bytes);
    }

    private static String words(Found found, Throwable e) {
        if (e instanceof EOFException) {
            return found.path() + ": shrank while it was read: " + e.getMessage();
        }
        return e instanceof IOException ? String.valueOf(e.getMessage()) : found.path() + ": " + e;
    }

    private static double secondsSince(long startNanos) {
        return (System.nanoTime() - startNanos) / NANOS_PER_SECOND;
    }
}
