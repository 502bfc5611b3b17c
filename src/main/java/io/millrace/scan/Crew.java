// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who does what in a scan, and in which order it is told. A thread asks for an assignment: a file of its own, or, where
 * enough files are open, a hand to lend with one of them. Finished files wait here until those found before them are
 * told; nobody takes a new file while too many wait.
 */
final class Crew {
    /** Files that may wait for one that was found before them. */
    private static final int MOST_WAITING = 4096;

    /** What workers said of all these together, in characters. */
    private static final long MOST_WAITING_OUTPUT = 4 << 20;

    /** Something to do. */
    record Assignment(Kind kind, @Nullable Relay relay, Batch.@Nullable Entry leftover) {
        enum Kind {
            NEXT_FILE,
            /** Finish a file that a batch has left over. */
            LEFTOVER,
            /** Lend a hand with a file of another thread's. */
            HELP,
            /** Tell of the files that wait for outcomes: there is nothing else to do just now. */
            TELL
        }

        Relay toHelp() {
            return Objects.requireNonNull(relay);
        }

        Batch.Entry toFinish() {
            return Objects.requireNonNull(leftover);
        }
    }

    private static final Assignment NEXT_FILE = new Assignment(Assignment.Kind.NEXT_FILE, null, null);
    private static final Assignment TELL = new Assignment(Assignment.Kind.TELL, null, null);

    private final ScanListener listener;
    private final int mostHelpers;
    private final ScanProgress progress;

    /** Files that have chunks left to claim, and how many hands besides their owner's are at each. */
    @GuardedBy("this") private final Set<Relay> calling = new LinkedHashSet<>();

    @GuardedBy("this") private final Map<Relay, Integer> helpers = new HashMap<>();

    @GuardedBy("this") private final Map<Long, FileResult> waiting = new HashMap<>();

    @GuardedBy("this") private long waitingOutput;

    @GuardedBy("this") private final Queue<Batch.Entry> leftovers = new ArrayDeque<>();

    @GuardedBy("this") private int parallelFiles;

    @GuardedBy("this") private int openFiles;

    @GuardedBy("this") private long told;

    @GuardedBy("this") private boolean walked;

    @GuardedBy("this") private @Nullable Throwable failure;

    Crew(ScanListener listener, int parallelFiles, int mostHelpers, ScanProgress progress) {
        this.listener = listener;
        this.parallelFiles = parallelFiles;
        this.mostHelpers = mostHelpers;
        this.progress = progress;
    }

    /** At most so many files are open at a time, from now on. */
    synchronized void limitParallelFiles(int files) {
        parallelFiles = Math.min(parallelFiles, files);
    }

    /**
     * Waits for something to do; null when there will be nothing more.
     *
     * @param hasToldAll whether the caller has told of all files that it scanned; it never waits, nor ends, before
     */
    synchronized @Nullable Assignment await(BooleanSupplier hasToldAll) throws InterruptedException {
        while (failure == null) {
            // Read again by a thread that owns a file, for it may wait for processes whose owners wait for helpers.
            Batch.Entry leftover = openFiles < parallelFiles ? leftovers.poll() : null;
            if (leftover != null) {
                openFiles++;
                return new Assignment(Assignment.Kind.LEFTOVER, null, leftover);
            }
            boolean more = !walked && !progress.isStopping();
            boolean room = waiting.size() < MOST_WAITING && waitingOutput < MOST_WAITING_OUTPUT;
            if (more && openFiles < parallelFiles && room) {
                openFiles++;
                return NEXT_FILE;
            }
            if (!hasToldAll.getAsBoolean()) {
                return TELL;
            }
            for (Relay relay : calling) {
                if (helpers.getOrDefault(relay, 0) < mostHelpers) {
                    helpers.merge(relay, 1, Integer::sum);
                    return new Assignment(Assignment.Kind.HELP, relay, null);
                }
            }
            if (!more && openFiles == 0 && leftovers.isEmpty()) {
                return null;
            }
            wait();
        }
        return null; // whoever failed took its assignment with it
    }

    /** A file of a batch has to be read again, by whoever is free. */
    synchronized void leaveOver(Batch.Entry entry) {
        leftovers.add(entry);
        notifyAll();
    }

    /** There are no more files; ends the assignment that found out. */
    synchronized void allWalked() {
        walked = true;
        openFiles--;
        notifyAll();
    }

    /** The owner of a file, at work on it, could use help. */
    synchronized void callForHands(Relay relay) {
        calling.add(relay);
        notifyAll();
    }

    /** A helper found nothing more to claim in a file. */
    synchronized void leave(Relay relay) {
        calling.remove(relay);
        helpers.merge(relay, -1, Integer::sum);
        notifyAll();
    }

    /** The owner is done; waits until the helpers are too, which hold at most one chunk each. */
    synchronized void dismiss(Relay relay) {
        calling.remove(relay);
        boolean interrupted = false;
        while (helpers.getOrDefault(relay, 0) > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true; // a helper that still reads must not lose its descriptor
            }
        }
        helpers.remove(relay);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What became of a file. Without a result the scan was stopped in its middle. */
    synchronized void told(long sequence, @Nullable FileResult result) {
        if (result != null) {
            waiting.put(sequence, result);
            waitingOutput += result.outputLength();
            progress.addFile();
        }
        tell();
        notifyAll();
    }

    /** Ends the assignment of a file. */
    synchronized void finished() {
        openFiles--;
        notifyAll();
    }

    @GuardedBy("this") private void tell() {
        try {
            FileResult next = failure == null ? waiting.remove(told) : null;
            while (next != null) {
                told++;
                waitingOutput -= next.outputLength();
                listener.fileFinished(next);
                next = waiting.remove(told);
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    /** Ends the scan for something that is not one file's. */
    synchronized void fail(Throwable e) {
        if (failure == null) {
            failure = e;
        }
        progress.abandon();
        notifyAll();
    }

    /** After the threads have ended: tells what finished behind a file that was stopped, and throws what failed. */
    synchronized void close() throws IOException {
        leftovers.forEach(entry -> entry.found().release());
        while (failure == null && !waiting.isEmpty()) {
            if (!waiting.containsKey(told)) {
                told++;
            }
            tell();
        }
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof UncheckedIOException e) {
            throw e.getCause();
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure != null) {
            throw new IllegalStateException("the scan ended early: " + failure, failure);
        }
    }
}
