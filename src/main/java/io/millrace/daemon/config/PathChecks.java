// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.files.TrustedPath;
import io.millrace.lifecycle.AbandonableCalls;
import io.millrace.lifecycle.UnansweredException;
import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import io.millrace.units.Durations;
import io.millrace.worker.ProgramSearch;
import io.millrace.worker.WorkerSpec;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the kernel for configured paths, any of which may lie on a mount that hangs: a dead NFS server, a FUSE daemon that is
 * stopped. What does not answer in time is taken as the file says it, and told of by {@link #unanswered}; whoever uses the path finds
 * out later. For one reading of a configuration file, by one thread.
 */
public final class PathChecks {
    private static final Logger LOG = LoggerFactory.getLogger(PathChecks.class);

    /** Of all waits together, at a start, which is to be quick. */
    public static final Duration AT_START = Duration.ofMillis(500);

    /** The same where somebody waits for an answer: enough for a disk that is busy. */
    public static final Duration AT_RELOAD = Duration.ofSeconds(3);

    /** For each path once that time is used up: what lies elsewhere answers in microseconds, but a thread may start late. */
    private static final Duration GRACE = Duration.ofMillis(100);

    /** Of the process, so that checks of the same path do not pile up from one reload to the next. */
    private static final AbandonableCalls CALLS = new AbandonableCalls();

    private final Posix posix;
    private final Duration limit;
    private final Map<BytePath, String> unanswered = new LinkedHashMap<>();
    private long spentNanos;

    /** @param limit of all waits together for paths that do not answer */
    public PathChecks(Posix posix, Duration limit) {
        this.posix = posix;
        this.limit = limit;
    }

    /** statx(2), following links; empty where there is no answer. */
    Optional<FileStatus> status(BytePath path) throws PosixException {
        if (unanswered.containsKey(path)) {
            return Optional.empty();
        }
        if (liesInUnanswered(path)) {
            giveUp(path);
            return Optional.empty();
        }
        try {
            return Optional.of(ask(path + ": statx", () -> posix.files().status(path)));
        } catch (UnansweredException e) {
            giveUp(path);
            return Optional.empty();
        }
    }

    /** What lies in a directory that does not answer is not asked for: it would only use up time. */
    private boolean liesInUnanswered(BytePath path) {
        BytePath at = path;
        boolean found = false;
        while (!found && !at.equals(at.parent())) {
            at = at.parent();
            found = unanswered.containsKey(at);
        }
        return found;
    }

    private void giveUp(BytePath path) {
        unanswered.put(path, path + ": statx: no reply within " + Durations.format(limit) + "; does its mount hang?");
    }

    /** {@link TrustedPath#exposure}; empty where there is no answer. */
    public Optional<String> exposure(BytePath path) {
        if (unanswered.containsKey(path) || liesInUnanswered(path)) {
            return Optional.empty();
        }
        try {
            return ask(path + ": who may exchange it", () -> TrustedPath.exposure(posix, path));
        } catch (PosixException | UnansweredException e) {
            return Optional.empty();
        }
    }

    /** Why no process of the worker could be started as things are; empty where its program is there. */
    public Optional<String> program(WorkerSpec worker) {
        try {
            return ask(
                    BytePath.of(worker.command().get(0)) + ": look for the program",
                    () -> new ProgramSearch(posix, worker).problem());
        } catch (PosixException | UnansweredException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The configuration file itself, without which there is no start: it has as long as at a reload. Throws what {@link SourceText#read} throws. */
    byte[] content(BytePath file) throws PosixException, UnansweredException {
        try {
            Duration wait = limit.compareTo(AT_RELOAD) < 0 ? AT_RELOAD : limit;
            return ask(file + ": read", () -> SourceText.read(posix, file), wait);
        } catch (UnansweredException e) {
            throw new UnansweredException(e.getMessage() + "; does its mount hang?");
        }
    }

    private <T> T ask(String name, Callable<T> call) throws PosixException, UnansweredException {
        return ask(name, call, limit);
    }

    private <T> T ask(String name, Callable<T> call, Duration atMost) throws PosixException, UnansweredException {
        Duration left = atMost.minusNanos(spentNanos);
        Duration wait = left.compareTo(GRACE) < 0 ? GRACE : left;
        long start = System.nanoTime();
        try {
            return CALLS.call(name, call, wait);
        } catch (UnansweredException e) {
            spentNanos += System.nanoTime() - start;
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnansweredException(name + ": interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PosixException why) {
                throw why;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** One line; only of a path that did not answer. */
    String whyUnanswered(BytePath path) {
        return unanswered.getOrDefault(path, path + ": not asked");
    }

    /** Logs what could not be checked. */
    public void warn() {
        unanswered.values().forEach(path -> LOG.warn("not checked, and taken as it is: {}", path));
    }

    /** What could not be checked, a line for each path, in the order in which they were asked for. */
    public Collection<String> unanswered() {
        return List.copyOf(unanswered.values());
    }
}
