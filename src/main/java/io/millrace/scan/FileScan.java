// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.CacheEffect;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads files from open to close, one at a time or, small ones for persistent workers, in batches; and again, for workers
 * that failed. Shared by the threads of a scan.
 */
final class FileScan {
    private static final double NANOS_PER_SECOND = 1e9;

    /** The scan was stopped, or failed, before anything came of a file. */
    static final Scanned NOTHING = new Scanned(null, CacheEffect.NONE, 0);

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
    private final FilePass pass;
    private final Visits visits;
    private final Pace pace;
    private final BytePath workingDirectory;
    private final Retry retry;
    private final Teller teller;
    private final Consumer<Batch.Entry> leftovers;

    FileScan(
            Posix posix,
            ScanOptions options,
            Workers workers,
            ScanProgress progress,
            FilePass pass,
            Shared shared,
            Teller teller,
            Consumer<Batch.Entry> leftovers)
            throws PosixException {
        this.posix = posix;
        this.options = options;
        this.workers = workers;
        this.pass = pass;
        this.retry = new Retry(workers, progress, pass);
        this.teller = teller;
        this.leftovers = leftovers;
        this.visits = new Visits(posix, progress, shared);
        this.pace = shared.pace();
        this.workingDirectory = posix.process().workingDirectory();
    }

    /**
     * Reads a file and tells of it; a small one for persistent workers waits in the batch until that is full, or {@link
     * #tellAll}.
     */
    void scan(Found found, Hand hand, Batch batch) throws InterruptedException {
        long start = System.nanoTime();
        Scanned scanned = NOTHING;
        boolean waits = false;
        try {
            if (found.error() != null) {
                scanned = failure(found, start, 0, CacheEffect.NONE, List.of(), found.error());
                return;
            }
            try (var visit = visits.begin(found, () -> tellAll(batch))) {
                OpenedFile file = visit.file();
                boolean isSmall = file.status().sizeBytes() <= Feed.SMALL_BYTES;
                if (isSmall && batch.isPossible()) {
                    if (!pace.isFree()) {
                        tellAll(batch); // it holds processes that others may want while this file has to wait
                    }
                    scanned = digest(found, file, hand, start);
                    waits = isRead(scanned) && post(found, file, scanned, hand, batch);
                } else {
                    tellAll(batch); // it holds processes for which this file would wait
                    scanned = read(found, file, hand, start);
                }
            } catch (IOException e) {
                scanned = failure(found, start, 0, CacheEffect.NONE, List.of(), words(found, e));
            }
        } finally {
            if (!waits) {
                teller.told(found, scanned);
            }
        }
        if (batch.isFull()) {
            tellAll(batch);
        }
    }

    private static boolean isRead(Scanned scanned) {
        return scanned.result() != null && scanned.result().error().isEmpty();
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

    /** Always true: the file waits now. */
    private boolean post(Found found, OpenedFile file, Scanned scanned, Hand hand, Batch batch)
            throws PosixException, InterruptedException {
        int size = (int) file.status().sizeBytes();
        var entry = new Batch.Entry(found, file.status(), scanned, head(found, size), new HashMap<>());
        if (scanned.effect().holeBytes() > 0) {
            leftovers.accept(entry); // its zeros are in no buffer
        } else {
            batch.post(entry, hand.buffer().first(size));
        }
        return true;
    }

    /** Waits for the outcomes of the files in a batch and tells of them; those to be read again are left over. */
    void tellAll(Batch batch) {
        var waiting = List.copyOf(batch.entries());
        PosixException failure = null;
        try {
            batch.await();
        } catch (PosixException e) {
            failure = e;
        }
        for (Batch.Entry entry : waiting) {
            if (failure != null) {
                teller.told(entry.found(), failed(entry, failure));
            } else if (retry.isDue(entry.outcomes())) {
                leftovers.accept(entry);
            } else {
                teller.told(entry.found(), complete(entry, Retry.Result.NONE, Optional.empty()));
            }
        }
    }

    /** Reads a file of a batch again, for the workers that still need it, and tells of it. */
    void finish(Batch.Entry entry, Hand hand) throws InterruptedException {
        Found found = entry.found();
        Scanned scanned = NOTHING;
        try (var visit = visits.begin(found, () -> {})) {
            OpenedFile now = visit.file();
            boolean isSame = now.status().isSameFileAs(entry.status());
            var file = new OpenedFile(now.fd(), entry.status(), now.traits()); // as it was when it was digested
            Optional<String> change = isSame ? file.change(posix) : Optional.of("was replaced while it was read");
            var again = Retry.Result.NONE;
            if (change.isEmpty()) {
                var plan = ReadPlan.choose(
                        posix,
                        file.traits(),
                        file.fd(),
                        file.status(),
                        wish(file.status().sizeBytes(), false));
                again = retry.run(file, plan, hand, entry.head(), entry.outcomes());
                change = file.change(posix);
            } else {
                abandon(entry, change.get());
            }
            scanned = complete(entry, again, change.map(how -> found.path() + ": " + how));
        } catch (IOException e) {
            scanned = failed(entry, e);
        } finally {
            teller.told(found, scanned);
        }
    }

    private void abandon(Batch.Entry entry, String why) {
        for (WorkerPool pool : workers.pools()) {
            entry.outcomes().putIfAbsent(pool, Outcome.abandoned(pool.spec(), why));
        }
    }

    private Scanned complete(Batch.Entry entry, Retry.Result again, Optional<String> change) {
        Map<WorkerPool, Outcome> outcomes = entry.outcomes();
        boolean stopped = outcomes.size() < workers.pools().size() || isStopped(outcomes);
        FileResult read = entry.scanned().result();
        FileResult result = stopped || read == null ? null : read.with(inOrder(outcomes), change.or(read::change));
        return new Scanned(
                result,
                entry.scanned().effect().plus(again.effect()),
                entry.scanned().bytes());
    }

    private Scanned failed(Batch.Entry entry, IOException why) {
        return failure(
                entry.found(),
                System.nanoTime(),
                entry.scanned().bytes(),
                entry.scanned().effect(),
                inOrder(entry.outcomes()),
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
        var again = Retry.Result.NONE;
        if (first.failure() == null) {
            again = retry.run(file, plan, hand, head(found, size), outcomes);
        }
        CacheEffect effect = first.effect().plus(again.effect());
        long bytes = digests ? first.digestedBytes() : Math.max(first.frontBytes(), again.frontBytes());
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
