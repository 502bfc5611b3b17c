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
import java.util.ArrayDeque;
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

    /** Hears of every file that {@link #scan} was given, once, and lets go of it. */
    interface Teller {
        void told(Found found, Scanned scanned);
    }

    private final Posix posix;
    private final ScanOptions options;
    private final Workers workers;
    private final ScanProgress progress;
    private final FilePass pass;
    private final Mounts mounts;
    private final BytePath workingDirectory;
    private final Teller teller;

    FileScan(Posix posix, ScanOptions options, Workers workers, ScanProgress progress, FilePass pass, Teller teller)
            throws PosixException {
        this.posix = posix;
        this.options = options;
        this.workers = workers;
        this.progress = progress;
        this.pass = pass;
        this.teller = teller;
        this.mounts = new Mounts(posix);
        this.workingDirectory = posix.process().workingDirectory();
    }

    /**
     * Reads a file and tells of it; a small one for persistent workers waits in the batch until that is full, or {@link
     * #tellAll}.
     */
    void scan(Found found, Hand hand, Batch batch) throws InterruptedException {
        long start = System.nanoTime();
        Scanned scanned = new Scanned(null, CacheEffect.NONE, 0);
        boolean waits = false;
        try {
            if (found.error() != null) {
                scanned = failure(found, start, 0, CacheEffect.NONE, List.of(), found.error());
                return;
            }
            try (var file = OpenedFile.open(posix, mounts, found)) {
                boolean isSmall = file.status().sizeBytes() <= Feed.SMALL_BYTES;
                if (isSmall && batch.isPossible()) {
                    scanned = digest(found, file, hand, start);
                    waits = scanned.result() != null && scanned.result().error().isEmpty();
                    if (waits) {
                        post(found, file, scanned, hand, batch);
                    }
                } else {
                    tellAll(batch, hand); // it holds processes for which this file would wait
                    scanned = read(found, file, hand, start);
                }
            } catch (IOException e) {
                waits = false;
                scanned = failure(found, start, 0, CacheEffect.NONE, List.of(), words(found, e));
            }
        } finally {
            if (!waits) {
                teller.told(found, scanned);
            }
        }
        if (batch.isFull()) {
            tellAll(batch, hand);
        }
    }

    /** The digests of a small file, whose bytes are then in the hand's buffer. */
    private Scanned digest(Found found, OpenedFile file, Hand hand, long start)
            throws IOException, InterruptedException {
        var plan = ReadPlan.choose(posix, file.traits(), file.fd(), file.status(), options.wish());
        FilePass.Result first;
        Map<DigestAlgorithm, byte[]> values;
        try {
            first = pass.first(file, plan, hand, true, List.of(), head(found, 0));
        } finally {
            values = hand.finish();
        }
        return scanned(found, file, first, first.digestedBytes(), first.effect(), values, List.of(), start);
    }

    private void post(Found found, OpenedFile file, Scanned scanned, Hand hand, Batch batch)
            throws IOException, InterruptedException {
        int size = (int) file.status().sizeBytes();
        if (scanned.effect().holeBytes() > 0) { // which nobody has read
            var unused = posix.io().pread(file.fd(), hand.buffer(), file.content());
        }
        batch.post(found, scanned, head(found, size), hand.buffer().first(size));
    }

    /** Waits for the outcomes of the files in a batch, and tells of them. */
    void tellAll(Batch batch, Hand hand) throws InterruptedException {
        var waiting = new ArrayDeque<>(batch.entries());
        try {
            PosixException failure = null;
            try {
                batch.await();
            } catch (PosixException e) {
                failure = e;
            }
            while (!waiting.isEmpty()) {
                Batch.Entry entry = waiting.peek();
                Scanned scanned = failure == null ? complete(entry, hand) : failed(entry, failure);
                teller.told(entry.found(), scanned);
                waiting.remove();
            }
        } finally {
            waiting.forEach(entry -> teller.told(entry.found(), new Scanned(null, CacheEffect.NONE, 0)));
        }
    }

    private Scanned complete(Batch.Entry entry, Hand hand) throws InterruptedException {
        Map<WorkerPool, Outcome> outcomes = entry.outcomes();
        CacheEffect effect = entry.scanned().effect();
        if (!failed(outcomes, 0).isEmpty() && !progress.isStopping()) {
            try (var file = OpenedFile.open(posix, mounts, entry.found())) {
                var plan = ReadPlan.choose(
                        posix,
                        file.traits(),
                        file.fd(),
                        file.status(),
                        wish(file.status().sizeBytes(), false));
                effect = effect.plus(retry(entry.found(), file, plan, hand, outcomes));
            } catch (IOException e) {
                return failed(entry, e);
            }
        }
        boolean stopped = outcomes.size() < workers.pools().size() || isStopped(outcomes);
        FileResult result = stopped || entry.scanned().result() == null
                ? null
                : entry.scanned().result().with(inOrder(outcomes));
        return new Scanned(result, effect, entry.scanned().bytes());
    }

    private static Scanned failed(Batch.Entry entry, IOException why) {
        return failure(
                entry.found(),
                System.nanoTime(),
                entry.scanned().bytes(),
                entry.scanned().effect(),
                List.of(),
                words(entry.found(), why));
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
        long bytes = digests ? first.digestedBytes() : first.frontBytes();
        if (first.failure() == null && isStopped(outcomes)) {
            return new Scanned(null, effect, bytes);
        }
        return scanned(found, file, first, bytes, effect, values, inOrder(outcomes), start);
    }

    private Scanned scanned(
            Found found,
            OpenedFile file,
            FilePass.Result first,
            long bytes,
            CacheEffect effect,
            Map<DigestAlgorithm, byte[]> values,
            List<Outcome> outcomes,
            long start) {
        if (first.failure() != null) {
            return failure(found, start, bytes, effect, outcomes, words(found, first.failure()));
        }
        if (first.digestedBytes() < file.status().sizeBytes()) {
            return new Scanned(null, effect, bytes);
        }
        Optional<String> change;
        try {
            change = file.change(posix).map(how -> found.path() + ": " + how);
        } catch (PosixException e) { // what was read and done to the page cache counts all the same
            return failure(found, start, bytes, effect, outcomes, words(found, e));
        }
        var result =
                new FileResult(found.path(), bytes, values, outcomes, secondsSince(start), change, Optional.empty());
        return new Scanned(result, effect, bytes);
    }

    private static boolean isStopped(Map<WorkerPool, Outcome> outcomes) {
        return outcomes.values().stream().anyMatch(outcome -> outcome.kind() == Kind.STOPPED);
    }

    private List<Outcome> inOrder(Map<WorkerPool, Outcome> outcomes) {
        return workers.pools().stream()
                .map(outcomes::get)
                .filter(Objects::nonNull)
                .toList();
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

    /**
     * Gives the file to workers that have not had it, or failed at it and may try again; what that did to the page cache.
     */
    private CacheEffect retry(Found found, OpenedFile file, ReadPlan plan, Hand hand, Map<WorkerPool, Outcome> outcomes)
            throws PosixException, InterruptedException {
        CacheEffect effect = CacheEffect.NONE;
        int retries = 0;
        List<WorkerPool> again = failed(outcomes, retries);
        while (!again.isEmpty() && !progress.isStopping()) {
            retries++;
            var result = pass.again(
                    file, plan, hand, again, head(found, file.status().sizeBytes()));
            effect = effect.plus(result.effect());
            for (WorkerPool pool : again) {
                Outcome outcome = result.outcomes().get(pool);
                if (outcome == null) {
                    outcome = Outcome.abandoned(pool.spec(), words(found, Objects.requireNonNull(result.failure())));
                }
                Outcome before = outcomes.get(pool);
                if (before == null) {
                    outcomes.put(pool, outcome);
                } else if (outcome.kind() != Kind.QUARANTINED) { // what led to it says more
                    outcomes.put(pool, outcome.after(before));
                }
            }
            again = failed(outcomes, retries);
        }
        return effect;
    }

    private List<WorkerPool> failed(Map<WorkerPool, Outcome> outcomes, int retries) {
        return workers.pools().stream()
                .filter(pool -> isToTry(pool, outcomes.get(pool), retries))
                .toList();
    }

    private static boolean isToTry(WorkerPool pool, @Nullable Outcome outcome, int retries) {
        return outcome == null
                || outcome.kind().isWorkersFault() && pool.spec().limits().retries() > retries;
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
