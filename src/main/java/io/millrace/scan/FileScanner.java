// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.ReadPlan;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.observe.FileObserver;
import io.millrace.scan.observe.LinkedFiles;
import io.millrace.scan.observe.ObservedFile;
import io.millrace.scan.observe.PassListener;
import io.millrace.scan.observe.Subject;
import io.millrace.scan.throttle.ReadGate;
import io.millrace.scan.walk.OpenedFile;
import io.millrace.scan.walk.WalkEntry;
import io.millrace.worker.FileHeader;
import io.millrace.worker.WorkerOutcome;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Scans files from open to close, and reads them again for workers that failed. Small files for persistent workers are
 * sent in batches and reported later by {@link BatchCompletion}. Shared by the threads of a scan.
 */
final class FileScanner {
    private final Posix posix;
    private final ScanOptions options;
    private final Workers workers;
    private final FileReadPass pass;
    private final FileOpener visits;
    private final ReadGate gate;
    private final ScanProgress progress;
    private final BytePath workingDirectory;
    private final WorkerRetry retry;
    private final ScanOutcome.Listener listener;
    private final Consumer<WorkerBatch.Entry> leftovers;
    private final BatchCompletion posted;

    FileScanner(
            Posix posix,
            ScanOptions options,
            Workers workers,
            ScanProgress progress,
            FileReadPass pass,
            ScanSharing shared,
            ScanOutcome.Listener listener,
            Consumer<WorkerBatch.Entry> leftovers)
            throws PosixException {
        this.posix = posix;
        this.options = options;
        this.workers = workers;
        this.pass = pass;
        this.retry = new WorkerRetry(workers, progress, pass);
        this.listener = listener;
        this.leftovers = leftovers;
        this.visits = new FileOpener(posix, progress, shared);
        this.gate = shared.gate();
        this.progress = progress;
        this.posted = new BatchCompletion(posix, options, workers, visits, retry, listener, leftovers);
        this.workingDirectory = posix.process().workingDirectory();
    }

    /** Returns the completion of the files that wait in batches. */
    BatchCompletion posted() {
        return posted;
    }

    /**
     * Reads a file and reports its result. A small file for persistent workers waits in the batch until the batch is
     * full or {@link BatchCompletion#tellAll} is called.
     */
    void scan(WalkEntry found, DigestBuffer hand, WorkerBatch batch) throws InterruptedException {
        long start = System.nanoTime();
        ScanOutcome scanned = ScanOutcome.NOTHING;
        boolean waits = false;
        try {
            if (found.error() != null) {
                scanned = ScanOutcome.failed(found, start, 0, CacheEffect.NONE, List.of(), found.error());
                return;
            }
            try (var visit = visits.begin(found, () -> posted.tellAll(batch))) {
                OpenedFile file = visit.file();
                hand.choose(options.choice().of(found.path(), file.status().sizeBytes()));
                if (isUnwanted(hand)) {
                    scanned = new ScanOutcome(unread(found, start), CacheEffect.NONE, 0);
                    return;
                }
                boolean isSmall = file.status().sizeBytes() <= WorkerFeed.SMALL_BYTES;
                if (isSmall && batch.isPossible()) {
                    if (!gate.isFree()) {
                        posted.tellAll(batch); // others may need the batch's processes while this file waits
                    }
                    scanned = digest(found, file, hand, start, subject(found, file, hand));
                    waits = isRead(scanned) && post(found, file, scanned, hand, batch);
                } else {
                    posted.tellAll(batch); // the batch holds processes for which this file would wait
                    scanned = read(found, file, hand, start, subject(found, file, hand));
                }
            } catch (IOException | RuntimeException e) { // the scan continues with the other files
                scanned = ScanOutcome.failed(
                        found, start, 0, CacheEffect.NONE, List.of(), ScanOutcome.describe(found, e));
            }
        } finally {
            if (!waits) {
                listener.onScanned(found, scanned);
            }
        }
        if (batch.isFull()) {
            posted.tellAll(batch);
        }
    }

    Posix posix() {
        return posix;
    }

    ScanOptions options() {
        return options;
    }

    FileOpener visits() {
        return visits;
    }

    ReadGate gate() {
        return gate;
    }

    ScanProgress progress() {
        return progress;
    }

    /** Reads descriptor 0 for the digests. */
    ScanOutcome standardInput(WalkEntry found, DigestBuffer hand) throws InterruptedException {
        hand.choose(options.choice().of(found.path(), 0));
        return pass.standardInput(found, hand);
    }

    /** Whether no digest was chosen for the file and there are no workers, so that its bytes need not be read. */
    boolean isUnwanted(DigestBuffer hand) {
        return hand.digests().isEmpty() && !options.digests().isEmpty() && workers.isEmpty();
    }

    FileResult unread(WalkEntry found, long start) {
        return new FileResult(
                found.path(),
                0,
                Map.of(),
                List.of(),
                ScanOutcome.secondsSince(start),
                Optional.empty(),
                Optional.empty());
    }

    private static boolean isRead(ScanOutcome scanned) {
        return scanned.result() != null && scanned.result().error().isEmpty();
    }

    /** Computes the digests of a small file. Its bytes are in the thread's buffer afterwards. */
    private ScanOutcome digest(
            WalkEntry found, OpenedFile file, DigestBuffer hand, long start, @Nullable Subject subject)
            throws IOException, InterruptedException {
        var plan = ReadPlan.choose(posix, file.traits(), file.fd(), options.wish());
        FileReadPass.Result first;
        Map<DigestAlgorithm, byte[]> values;
        try {
            first = pass.first(file, plan, hand, true, List.of(), head(found, 0));
        } finally {
            values = hand.finish();
        }
        ScanOutcome scanned =
                scanned(found, file, first, first.digestedBytes(), first.effect(), values, List.of(), start);
        return observed(scanned, hand, subject);
    }

    /** Looks at a file that is to be observed; null if the scan does not observe. */
    static @Nullable Subject subject(WalkEntry found, OpenedFile file, DigestBuffer hand) throws PosixException {
        FileObserver observer = hand.observer();
        return observer == null ? null : observer.begin(file, found.parent() == null);
    }

    /** Adds to the outcome of a file's read what was observed. */
    private ScanOutcome observed(ScanOutcome scanned, DigestBuffer hand, @Nullable Subject subject)
            throws IOException, InterruptedException {
        FileObserver observer = hand.observer();
        FileResult result = scanned.result();
        if (observer == null
                || subject == null
                || result == null
                || result.error().isPresent()) {
            return scanned;
        }
        var listener = new GatedPass(gate, progress);
        ObservedFile seen = observer.isForDevice(subject)
                ? observer.onDevice(subject, Map.of(), new EnumMap<>(DigestAlgorithm.class), listener)
                : observer.asScanned(
                        subject,
                        hand.summed(),
                        result.digests(),
                        result.change().isPresent(),
                        listener);
        if (seen == null) {
            return new ScanOutcome(null, scanned.effect(), scanned.bytes());
        }
        return new ScanOutcome(kept(result.with(seen), observer), scanned.effect(), scanned.bytes());
    }

    /** Remembers a file that has other names. */
    static FileResult kept(FileResult result, FileObserver observer) {
        ObservedFile seen = result.observed();
        if (seen != null && result.error().isEmpty() && result.change().isEmpty()) {
            observer.links().add(new LinkedFiles.Read(seen, result.bytes(), result.digests()));
        }
        return result;
    }

    /** The result of a file that the scan has read by another name. */
    static FileResult linked(WalkEntry found, LinkedFiles.Read read, long start) {
        var result = new FileResult(
                found.path(),
                read.bytes(),
                read.digests(),
                List.of(),
                ScanOutcome.secondsSince(start),
                Optional.empty(),
                Optional.empty());
        return result.with(read.observed().byAnotherName(found.parent() == null));
    }

    /** Reads a file on the device, whatever the page cache holds. */
    private ScanOutcome readOnDevice(WalkEntry found, OpenedFile file, DigestBuffer hand, long start, Subject subject)
            throws IOException, InterruptedException {
        FileObserver observer = Objects.requireNonNull(hand.observer());
        var before = progress.bytes();
        FileResult result = deviceResult(found, file, hand, start, subject, new GatedPass(gate, progress));
        long bytes = result == null
                ? Math.max(0, progress.bytes() - before)
                : file.status().sizeBytes();
        return new ScanOutcome(result == null ? null : kept(result, observer), CacheEffect.NONE, bytes);
    }

    /** Likewise, without a count; null if the scan is to stop. */
    @Nullable FileResult deviceResult(
            WalkEntry found, OpenedFile file, DigestBuffer hand, long start, Subject subject, PassListener listener)
            throws IOException, InterruptedException {
        FileObserver observer = Objects.requireNonNull(hand.observer());
        var values = new EnumMap<DigestAlgorithm, byte[]>(DigestAlgorithm.class);
        ObservedFile seen = observer.onDevice(subject, hand.byAlgorithm(), values, listener);
        if (seen == null) {
            return null;
        }
        hand.combine(seen.observation().blocks(), values);
        long size = file.status().sizeBytes();
        double seconds = ScanOutcome.secondsSince(start);
        if (!seen.unreadable().isEmpty()) {
            String why = observer.failure()
                    .map(e -> ScanOutcome.describe(found, e))
                    .orElse(found.path() + ": parts of it cannot be read");
            return FileResult.failed(found.path(), size - seen.bytes().unreadable(), List.of(), seconds, why)
                    .with(seen);
        }
        Optional<String> change = file.change(posix).map(how -> found.path() + ": " + how);
        return new FileResult(found.path(), size, values, List.of(), seconds, change, Optional.empty()).with(seen);
    }

    /** Adds the file to the batch. Always returns true: the file now waits for its outcomes. */
    private boolean post(WalkEntry found, OpenedFile file, ScanOutcome scanned, DigestBuffer hand, WorkerBatch batch)
            throws PosixException, InterruptedException {
        int size = (int) file.status().sizeBytes();
        var entry = new WorkerBatch.Entry(found, file.status(), scanned, head(found, size), new HashMap<>());
        if (scanned.effect().holeBytes() > 0) {
            leftovers.accept(entry); // the zeros of its holes are not in the buffer
        } else {
            batch.post(entry, hand.buffer().first(size));
        }
        return true;
    }

    /** Reads an open file of any size with a {@link FileReadPass}, and again for workers that failed. */
    ScanOutcome read(WalkEntry found, OpenedFile file, DigestBuffer hand, long start, @Nullable Subject subject)
            throws IOException, InterruptedException {
        FileObserver observer = hand.observer();
        if (observer != null && subject != null && workers.isEmpty() && observer.isForDevice(subject)) {
            return readOnDevice(found, file, hand, start, subject);
        }
        long size = file.status().sizeBytes();
        boolean digests = workers.isEmpty() || !hand.digests().isEmpty();
        var plan = ReadPlan.choose(posix, file.traits(), file.fd(), workers.wish(options.wish(), size, digests));
        FileReadPass.Result first;
        Map<DigestAlgorithm, byte[]> values;
        try {
            first = pass.first(file, plan, hand, digests, workers.pools(), head(found, size));
        } finally {
            values = hand.finish();
        }
        var outcomes = new HashMap<>(first.outcomes());
        var again = WorkerRetry.Result.NONE;
        if (first.failure() == null) {
            again = retry.run(file, plan, hand, head(found, size), outcomes);
        }
        CacheEffect effect = first.effect().plus(again.effect());
        long bytes = digests ? first.digestedBytes() : Math.max(first.frontBytes(), again.frontBytes());
        if (first.failure() == null && Workers.wereStopped(outcomes)) {
            return new ScanOutcome(null, effect, bytes);
        }
        ScanOutcome scanned = scanned(found, file, first, bytes, effect, values, workers.inOrder(outcomes), start);
        return observed(scanned, hand, subject);
    }

    private ScanOutcome scanned(
            WalkEntry found,
            OpenedFile file,
            FileReadPass.Result first,
            long bytes,
            CacheEffect effect,
            Map<DigestAlgorithm, byte[]> values,
            List<WorkerOutcome> outcomes,
            long start) {
        if (first.failure() != null) {
            return ScanOutcome.failed(
                    found, start, bytes, effect, outcomes, ScanOutcome.describe(found, first.failure()));
        }
        if (first.digestedBytes() < file.status().sizeBytes()) {
            return new ScanOutcome(null, effect, bytes);
        }
        Optional<String> change;
        try {
            change = file.change(posix).map(how -> found.path() + ": " + how);
        } catch (PosixException e) { // the bytes and the page cache effect count nevertheless
            return ScanOutcome.failed(found, start, bytes, effect, outcomes, ScanOutcome.describe(found, e));
        }
        var result = new FileResult(
                found.path(), bytes, values, outcomes, ScanOutcome.secondsSince(start), change, Optional.empty());
        return new ScanOutcome(result, effect, bytes);
    }

    private FileHeader head(WalkEntry found, long sizeBytes) {
        byte[] path = found.path().toBytes();
        return new FileHeader(
                path[0] == '/' ? found.path() : workingDirectory.resolve(path), sizeBytes, workers.scan());
    }
}
