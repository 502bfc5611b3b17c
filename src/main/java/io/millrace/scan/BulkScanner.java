// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.lifecycle.CancellationToken;
import io.millrace.lifecycle.ThreadShortageException;
import io.millrace.pagecache.PeakGauge;
import io.millrace.pagecache.WholeFileReader;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Fallbacks;
import io.millrace.posix.libc.NativeCall;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.observe.FileObserver;
import io.millrace.scan.throttle.RateLimiter;
import io.millrace.scan.walk.FileRun;
import io.millrace.scan.walk.FileWalk;
import io.millrace.scan.walk.Skipped;
import io.millrace.scan.walk.WalkSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads every file under the given paths once, feeds all digests and workers, and applies the chosen cache policy to
 * the page cache. Use an instance for one scan only. {@link #scan} blocks the calling thread until the scan's own
 * threads ({@code millrace-scan-N}) have ended; {@link #progress} and the rate limiter may be used from any thread.
 */
public final class BulkScanner {
    private static final double NANOS_PER_SECOND = 1e9;

    /** Maximum number of files of a directory that one thread takes at a time. */
    private static final int MAX_RUN_FILES = 64;

    private static final long STUCK_NANOS = 2_000_000_000L;

    private final Posix posix;
    private final ScanOptions options;
    private final Workers workers;
    private final ScanSharing shared;
    private final ScanTally tally;
    private final PeakGauge gauge = new PeakGauge();
    private final ScanProgress progress;

    /** All threads of this scan, including those that have ended. */
    private final List<Thread> running = new CopyOnWriteArrayList<>();

    /** Those of all threads, if the scan observes. */
    private final List<FileObserver> observers = new CopyOnWriteArrayList<>();

    private final CancellationToken stop;

    /** The task of additional threads; null if no more threads may be started. */
    @GuardedBy("this") private @Nullable Runnable threadWork;

    public BulkScanner(Posix posix, ScanOptions options, Workers workers, RateLimiter limiter, CancellationToken stop) {
        this(posix, options, workers, ScanSharing.alone(limiter), stop);
    }

    /** Creates a scan that shares limits and locks with other scans. */
    public BulkScanner(Posix posix, ScanOptions options, Workers workers, ScanSharing shared, CancellationToken stop) {
        this.posix = posix;
        this.workers = workers;
        this.options = options;
        this.tally = new ScanTally(options.digests());
        this.shared = shared;
        this.progress = new ScanProgress(stop);
        this.stop = stop;
    }

    public ScanProgress progress() {
        return progress;
    }

    /** Returns the totals up to now. The duration and the skipped entries are known only at the end. */
    public ScanSummary soFar() {
        return tally.summary(Skipped.NONE, 0, gauge.peakBytes(), stop.isRequested());
    }

    /**
     * Reads the files under the paths. A file that fails is reported to the listener, and the scan continues with the
     * others.
     *
     * @param paths are pulled one by one as they are needed, so there may be any number of them
     * @throws IOException if the listener or the iterator threw it (the latter wrapped in
     *     {@link java.io.UncheckedIOException}), or if the error concerns no single file
     */
    public ScanSummary scan(Iterator<BytePath> paths, ScanListener listener) throws IOException, InterruptedException {
        return scan(WalkSpec.of(paths), listener);
    }

    /** Like {@link #scan(Iterator, ScanListener)}, with a choice of files and their order. */
    public ScanSummary scan(WalkSpec where, ScanListener listener) throws IOException, InterruptedException {
        int consumers = options.digests().size() + (options.observing().isPresent() ? 1 : 0);
        int maxHelpers = workers.isEmpty() ? Math.max(1, consumers) : 1;
        var scheduler = new ScanScheduler(options.parallelFiles(), maxHelpers, progress);
        var results = new OrderedResults(tally.before(listener), scheduler);
        var pass = new FileReadPass(posix, options, shared.gate(), progress, scheduler, gauge);
        var alone = new HeldResults(results, tally, progress);
        var files = new FileScanner(
                posix,
                options,
                workers,
                progress,
                pass,
                shared,
                (found, scanned) -> {
                    found.release();
                    alone.handOver(found.sequence(), scanned);
                },
                scheduler::requeue);
        long start = System.nanoTime();
        Skipped skipped;
        try (var walk = new FileWalk(posix, where, this::rests)) {
            var inFlight = new FilesInFlight(
                    options.parallelFiles(),
                    workers.isEmpty() ? options.maxSmallFiles() : 0,
                    scheduler,
                    this::addThreads);
            run(() -> work(walk, files, results, scheduler, inFlight), scheduler);
            skipped = walk.skipped();
        }
        results.close();
        scheduler.close();
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        return tally.summary(skipped, seconds, gauge.peakBytes(), stop.isRequested());
    }

    /**
     * Starts at least two threads, because one reads a file while another digests it. With workers, each file needs one
     * thread that feeds them and one that computes digests, because each waits for the other in the window.
     */
    private void run(Runnable work, ScanScheduler scheduler) throws InterruptedException {
        start(work, scheduler);
        InterruptedException interrupt = null;
        for (int i = 0; i < running.size(); i++) { // only listed threads add to the list, and only before they end
            Thread thread = running.get(i);
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupt = e;
                    scheduler.fail(e);
                    running.forEach(Thread::interrupt); // still join them: they use objects that the caller closes
                }
            }
        }
        if (interrupt != null) {
            throw interrupt;
        }
    }

    /** Whether one of the scan's threads is in a native call other than a wait. */
    public boolean isInKernel() {
        return running.stream().anyMatch(thread -> NativeCall.of(thread).isPresent())
                || observers.stream().anyMatch(FileObserver::isInKernel);
    }

    /** Whether there was no progress for 2 seconds while one of the scan's threads is in a native call. */
    public boolean isStuck() {
        return progress.idleNanos() > STUCK_NANOS && isInKernel();
    }

    private boolean rests() {
        return shared.gate().isHeld() || progress.isStopping();
    }

    /**
     * Starts more threads for small files that wait for the device, up to {@code wanted} or the limit of the process.
     */
    private synchronized void addThreads(int wanted) {
        while (threadWork != null && running.size() < wanted) {
            var thread = new Thread(threadWork, "millrace-scan-" + running.size());
            if (ThreadShortageException.tryStart(thread)) {
                running.add(thread);
            } else {
                threadWork = null; // continue with the threads that exist
            }
        }
    }

    private void start(Runnable work, ScanScheduler scheduler) {
        List<Thread> threads = new ArrayList<>();
        synchronized (threads) { // threads start work once their number is known
            int wished = threads(options.parallelFiles());
            var kept = new AtomicInteger();
            boolean more = true;
            while (more && threads.size() < wished) {
                int number = threads.size();
                var thread =
                        new Thread(() -> begin(work, threads, () -> number < kept.get()), "millrace-scan-" + number);
                more = ThreadShortageException.tryStart(thread);
                if (more) {
                    threads.add(thread);
                    running.add(thread);
                }
            }
            kept.set(more ? wished : fewer(threads.size(), scheduler));
            allowThreads(more ? work : null);
        }
    }

    private synchronized void allowThreads(@Nullable Runnable work) {
        threadWork = work;
    }

    private static void begin(Runnable work, Object gate, BooleanSupplier isKept) {
        synchronized (gate) {
            if (!isKept.getAsBoolean()) {
                return; // its share of the thread limit is left to the worker processes
            }
        }
        work.run();
    }

    /**
     * Returns how many of the started threads are to read. Worker processes count against the same limit of threads and
     * processes, so some of it is left for them.
     */
    private int fewer(int started, ScanScheduler scheduler) {
        int files = options.parallelFiles();
        while (files > 1 && threads(files) + files * workers.pools().size() > started) {
            files--;
        }
        int needed = threadsPerFile();
        if (started < needed) {
            scheduler.fail(new IOException(ThreadShortageException.message("millrace-scan-" + started)));
            return 0;
        }
        scheduler.limitParallelFiles(files);
        Fallbacks.useWithout(
                ThreadShortageException.message("millrace-scan-" + started),
                files + (files == 1 ? " file is" : " files are") + " read at a time");
        return Math.max(
                needed, Math.min(threads(files), started - workers.pools().size()));
    }

    private int threads(int files) {
        return Math.max(2, threadsPerFile() * files);
    }

    private int threadsPerFile() {
        return !workers.isEmpty()
                        && (!options.digests().isEmpty() || options.observing().isPresent())
                ? 2
                : 1;
    }

    private void work(
            FileWalk walk, FileScanner files, OrderedResults results, ScanScheduler scheduler, FilesInFlight inFlight) {
        try (var hand = new DigestBuffer(options.readBytes(), options.digests(), observer());
                var batch = new WorkerBatch(posix, progress, workers.pools())) {
            setIoPriority();
            var reader = new WholeFileReader(posix, options.wish(), options.readBytes(), gauge);
            var runs = new RunReader(
                    scheduler, new HeldResults(results, tally, progress), files, reader, hand, inFlight.new Waits());
            var assignment = scheduler.next(null, true);
            while (assignment != null) {
                switch (assignment.kind()) {
                    case NEXT_FILES -> {
                        if (workers.isEmpty()) {
                            readRun(walk, runs, scheduler);
                        } else {
                            scanNext(walk, files, scheduler, hand, batch);
                        }
                    }
                    case REST_OF_RUN -> runs.read(assignment.toReadOn());
                    case SHARE -> help(assignment.toShare(), scheduler, hand);
                    case REQUEUED_FILE -> {
                        files.posted().tellAll(batch); // the batch holds processes for which that file would wait
                        files.posted().finish(assignment.toReadAgain(), hand);
                    }
                    case REPORT -> files.posted().tellAll(batch);
                }
                assignment = scheduler.next(assignment, batch.isEmpty());
            }
        } catch (Throwable e) { // errors too, or the other threads would wait for this one forever
            scheduler.fail(e);
        }
    }

    private @Nullable FileObserver observer() {
        if (options.observing().isEmpty()) {
            return null;
        }
        var observer = new FileObserver(posix, options.observing().get());
        observers.add(observer);
        return observer;
    }

    private void setIoPriority() throws PosixException {
        if (options.ioPriority().isPresent()) {
            posix.process().setIoPriority(options.ioPriority().get());
        }
    }

    private void readRun(FileWalk walk, RunReader runs, ScanScheduler scheduler) throws InterruptedException {
        FileRun run = nextRun(walk, MAX_RUN_FILES, () -> {});
        if (run == null) {
            scheduler.allWalked();
        } else {
            runs.read(run);
        }
    }

    /**
     * Takes one file at a time for workers, because a thread may have to wait for a process, and the next file should
     * not wait with it.
     */
    private void scanNext(
            FileWalk walk, FileScanner files, ScanScheduler scheduler, DigestBuffer hand, WorkerBatch batch)
            throws InterruptedException {
        FileRun run = nextRun(walk, 1, () -> files.posted().tellAll(batch));
        if (run == null) {
            scheduler.allWalked();
        } else {
            files.scan(run.only(), hand, batch);
        }
    }

    private @Nullable FileRun nextRun(FileWalk walk, int maxFiles, Runnable beforeWaiting) throws InterruptedException {
        FileRun run = null;
        while (run == null && !walk.isAtEnd() && !progress.isStopping()) {
            // Listing a directory may need the disk as well, and a directory in which no file matches takes long.
            shared.gate().enter(beforeWaiting, progress::isWaitOver);
            try {
                run = walk.nextRun(maxFiles);
            } finally {
                shared.gate().leave();
            }
        }
        return run;
    }

    private static void help(DigestPipeline relay, ScanScheduler scheduler, DigestBuffer hand)
            throws InterruptedException {
        try {
            relay.digestShare(hand.buffer());
        } finally {
            scheduler.leave(relay);
        }
    }
}
