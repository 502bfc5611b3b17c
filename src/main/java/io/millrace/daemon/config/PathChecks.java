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
 * Asks the kernel about configured paths, any of which may lie on a mount that hangs: a dead NFS server, or a stopped
 * FUSE daemon. A path that does not answer in time is accepted as written and reported by {@link #unanswered}; a later
 * user of the path meets the error. One instance serves one reading of a configuration file, on one thread.
 */
public final class PathChecks {
    private static final Logger LOG = LoggerFactory.getLogger(PathChecks.class);

    /** The limit of all waits together at a start, which must be quick. */
    public static final Duration AT_START = Duration.ofMillis(500);

    /** The limit at a reload, where somebody waits for an answer: enough for a busy disk. */
    public static final Duration AT_RELOAD = Duration.ofSeconds(3);

    /**
     * The limit for each path after the total is used up: other paths answer in microseconds, but a thread may start
     * late.
     */
    private static final Duration GRACE = Duration.ofMillis(100);

    /** Shared by the process, so that checks of the same path do not accumulate over reloads. */
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

    /** Calls statx(2), following links; empty if there is no answer. */
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

    /** Paths in a directory that does not answer are not checked, because that would only use up the time limit. */
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

    /** Calls {@link TrustedPath#exposure}; empty if there is no answer. */
    public Optional<String> exposure(BytePath path) {
        if (unanswered.containsKey(path) || liesInUnanswered(path)) {
            return Optional.empty();
        }
        try {
            return ask(path + ": who can replace it", () -> TrustedPath.exposure(posix, path));
        } catch (PosixException | UnansweredException e) {
            return Optional.empty();
        }
    }

    /** Returns why no process of the worker could be started now; empty if its program exists. */
    public Optional<String> program(WorkerSpec worker) {
        try {
            return ask(
                    BytePath.of(worker.command().get(0)) + ": look for the program",
                    () -> new ProgramSearch(posix, worker).problem());
        } catch (PosixException | UnansweredException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reads the configuration file itself. The service cannot start without it, so the limit is that of a reload.
     * Throws the exceptions of {@link SourceText#read}.
     */
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

    /** Returns one line; call it only for a path that did not answer. */
    String whyUnanswered(BytePath path) {
        return unanswered.getOrDefault(path, path + ": not checked");
    }

    /** Logs the paths that could not be checked. */
    public void warn() {
        unanswered.values().forEach(path -> LOG.warn("not checked: {}", path));
    }

    /** Returns a line for each path that could not be checked, in the order of the checks. */
    public Collection<String> unanswered() {
        return List.copyOf(unanswered.values());
    }
}
