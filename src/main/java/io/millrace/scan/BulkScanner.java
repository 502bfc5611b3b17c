// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.lifecycle.StopSignal;
import io.millrace.lifecycle.ThreadShortageException;
import io.millrace.pagecache.CacheGauge;
import io.millrace.posix.BytePath;
import io.millrace.posix.Fallbacks;
import io.millrace.posix.NativeCall;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Scans: reads every file under given paths once, past all digests, at the page cache's peace. Good for one scan;
 * {@link #scan} blocks its caller, while {@link #progress} and the rate limiter may be used from any thread.
 */
public final class BulkScanner {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Posix posix;
    private final ScanOptions options;
    private final Workers workers;
    private final Shared shared;
    private final ScanTally tally;
    private final CacheGauge gauge = new CacheGauge();
    private static final long STUCK_NANOS = 2_000_000_000L;

    private final ScanProgress progress;

    /** Its threads, also those that have ended. */
    private final List<Thread> running = new CopyOnWriteArrayList<>();

    private final StopSignal stop;

    public BulkScanner(Posix posix, ScanOptions options, Workers workers, RateLimiter limiter, StopSignal stop) {
        this(posix, options, workers, Shared.alone(limiter), stop);
    }

    /** One of several scans. */
    BulkScanner(Posix posix, ScanOptions options, Workers workers, Shared shared, StopSignal stop) {
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

    /** What was told up to now; seconds and what was skipped are known at the end only. */
    ScanSummary soFar() {
        return tally.summary(Skipped.NONE, 0, gauge.peakBytes(), stop.isRequested());
    }

    /**
     * Reads the files under the paths. A file that fails is told to the listener, and the others go on.
     *
     * @param paths are pulled as they are needed, so there may be any number
     * @throws IOException that the listener or the paths threw, the latter as {@link java.io.UncheckedIOException}, or
     *     that concerns no single file
     */
    public ScanSummary scan(Iterator<BytePath> paths, ScanListener listener) throws IOException, InterruptedException {
        return scan(Walk.of(paths), listener);
    }

    /** As {@link #scan(Iterator, ScanListener)}, with a choice of files and their order. */
    public ScanSummary scan(Walk where, ScanListener listener) throws IOException, InterruptedException {
        int mostHelpers = workers.isEmpty() ? Math.max(1, options.digests().size()) : 1;
        var crew = new Crew(tally.before(listener), options.parallelFiles(), mostHelpers, progress);
        var pass = new FilePass(posix, options, shared.pace(), progress, crew, gauge);
        var files = new FileScan(
                posix,
                options,
                workers,
                progress,
                pass,
                shared,
                (found, scanned) -> {
                    tally.add(scanned.effect(), scanned.bytes());
                    found.release();
                    crew.told(found.sequence(), scanned.result());
                },
                crew::leaveOver);
        long start = System.nanoTime();
        Skipped skipped;
        try (var walk = new FileWalk(posix, where, this::rests)) {
            run(() -> work(walk, files, crew), crew);
            skipped = walk.skipped();
        }
        crew.close();
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        return tally.summary(skipped, seconds, gauge.peakBytes(), stop.isRequested());
    }

    /**
     * A file is read by one thread and digested by another at the least, so there are always two. Beside workers every
     * file needs a thread for them and one for its digests, each waiting for the other in the window.
     */
    private void run(Runnable work, Crew crew) throws InterruptedException {
        List<Thread> threads = start(work, crew);
        InterruptedException interrupt = null;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupt = e;
                    crew.fail(e);
                    threads.forEach(Thread::interrupt); // and they are waited for: they use what the caller closes
                }
            }
        }
        if (interrupt != null) {
            throw interrupt;
        }
    }

    /** Whether one of its threads stands in a call into the kernel that is not for waiting. */
    boolean isInKernel() {
        return running.stream().anyMatch(thread -> NativeCall.of(thread).isPresent());
    }

    /** Whether nothing has gone on for 2 seconds, and one of its threads stands in a call into the kernel. */
    public boolean isStuck() {
        return progress.idleNanos() > STUCK_NANOS && isInKernel();
    }

    private boolean rests() {
        return shared.pace().isHeld() || progress.isStopping();
    }

    private List<Thread> start(Runnable work, Crew crew) {
        List<Thread> threads = new ArrayList<>();
        synchronized (threads) { // they begin once it is known how many there are
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
            kept.set(more ? wished : fewer(threads.size(), crew));
        }
        return threads;
    }

    private static void begin(Runnable work, Object gate, BooleanSupplier isKept) {
        synchronized (gate) {
            if (!isKept.getAsBoolean()) {
                return; // what it held of the limit is for the workers' processes
            }
        }
        work.run();
    }

    /** How many of the threads that could be had are to read: a worker's process counts against the same limit. */
    private int fewer(int started, Crew crew) {
        int files = options.parallelFiles();
        while (files > 1 && threads(files) + files * workers.pools().size() > started) {
            files--;
        }
        int needed = threadsPerFile();
        if (started < needed) {
            crew.fail(new IOException(ThreadShortageException.message("millrace-scan-" + started)));
            return 0;
        }
        crew.limitParallelFiles(files);
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
        return !workers.isEmpty() && !options.digests().isEmpty() ? 2 : 1;
    }

    private void work(FileWalk walk, FileScan files, Crew crew) {
        try (var hand = new Hand(options.readBytes(), options.digests());
                var batch = new Batch(posix, progress, workers.pools())) {
            setIoPriority();
            Crew.Assignment assignment = crew.await(batch::isEmpty);
            while (assignment != null) {
                switch (assignment.kind()) {
                    case NEXT_FILE -> scanNext(walk, files, crew, hand, batch);
                    case HELP -> help(assignment.toHelp(), crew, hand);
                    case LEFTOVER -> {
                        files.posted().tellAll(batch); // it holds processes for which that file would wait
                        finish(assignment.toFinish(), files, crew, hand);
                    }
                    case TELL -> files.posted().tellAll(batch);
                }
                assignment = crew.await(batch::isEmpty);
            }
        } catch (Throwable e) { // errors too: the others would wait for this thread for ever
            crew.fail(e);
        }
    }

    private void setIoPriority() throws PosixException {
        if (options.ioPriority().isPresent()) {
            posix.process().setIoPriority(options.ioPriority().get());
        }
    }

    private void scanNext(FileWalk walk, FileScan files, Crew crew, Hand hand, Batch batch)
            throws InterruptedException {
        Found found = null;
        while (found == null && !walk.isAtEnd() && !progress.isStopping()) {
            // A directory may have to come from the disk as well, and one of which nothing is wanted takes long.
            shared.pace().enter(() -> files.posted().tellAll(batch), progress::isWaitOver);
            try {
                found = walk.next();
            } finally {
                shared.pace().leave();
            }
        }
        if (found == null) {
            crew.allWalked();
            return;
        }
        try {
            files.scan(found, hand, batch);
        } finally {
            crew.finished();
        }
    }

    private static void finish(Batch.Entry leftover, FileScan files, Crew crew, Hand hand) throws InterruptedException {
        try {
            files.posted().finish(leftover, hand);
        } finally {
            crew.finished();
        }
    }

    private static void help(Relay relay, Crew crew, Hand hand) throws InterruptedException {
        try {
            relay.lendHand(hand.buffer());
        } finally {
            crew.leave(relay);
        }
    }
}
