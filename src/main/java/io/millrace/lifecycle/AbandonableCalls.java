// SPDX-License-Identifier: Apache-2.0
package io.millrace.lifecycle;

import io.millrace.posix.libc.NativeCall;
import io.millrace.units.Durations;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs calls that may never return on daemon threads of their own, and waits for each up to a limit. A call that
 * blocks on an unresponsive mount ends only when the kernel answers or this process exits, so an abandoned call keeps
 * its thread; the same call is not made a second time meanwhile, and at most {@link #MAX_ABANDONED} are abandoned at a
 * time. Any thread.
 */
public final class AbandonableCalls {
    /** Most abandoned calls that have not returned; further calls are refused until one of them does. */
    public static final int MAX_ABANDONED = 64;

    /**
     * The limit for a thread that a busy machine does not let run: it is in no native call, so no mount is at fault.
     */
    private static final Duration MAX_START = Duration.ofSeconds(30);

    private final Map<String, FutureTask<?>> pending = new ConcurrentHashMap<>();

    /**
     * Makes a call and waits for it. The limit counts time in the call: a thread that has not got as far is waited for.
     *
     * @param name identifies the call, and names its thread; an abandoned call of the same name that has not returned
     *     is waited for first
     * @throws UnansweredException if it does not return in time
     * @throws ExecutionException with whatever the call throws
     * @throws InterruptedException if the caller is interrupted; the call is abandoned
     */
    public <T> T call(String name, Callable<T> call, Duration limit)
            throws UnansweredException, ExecutionException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        FutureTask<?> before = pending.get(name);
        if (before != null) {
            awaitReturn(name, before, deadline, limit);
        }
        if (pending.size() >= MAX_ABANDONED) {
            throw new UnansweredException(
                    name + ": not tried, since " + pending.size() + " calls before it have no reply");
        }
        var task = new FutureTask<T>(call);
        pending.put(name, task);
        Thread thread;
        try {
            thread = start(name, () -> {
                try {
                    task.run();
                } finally {
                    pending.remove(name, task);
                }
            });
        } catch (ThreadShortageException e) {
            pending.remove(name, task); // else the next call of this name would wait for it
            throw e;
        }
        long start = System.nanoTime();
        while (true) {
            try {
                return task.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                boolean isLate = System.nanoTime() - start >= MAX_START.toNanos();
                if (isLate || isWaiting(thread)) {
                    throw unanswered(name, limit);
                }
                deadline = System.nanoTime() + limit.toNanos();
            }
        }
    }

    private static boolean isWaiting(Thread thread) {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING -> true;
            default -> NativeCall.of(thread).isPresent();
        };
    }

    private static void awaitReturn(String name, FutureTask<?> task, long deadline, Duration limit)
            throws UnansweredException, InterruptedException {
        try {
            Object unused = task.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw unanswered(name, limit);
        } catch (ExecutionException e) {
            return; // its result is stale
        }
    }

    private static UnansweredException unanswered(String name, Duration limit) {
        return new UnansweredException(name + ": no reply within " + Durations.format(limit));
    }

    /**
     * Starts a daemon thread, which does not keep the JVM alive.
     *
     * @throws ThreadShortageException if no thread can be created
     */
    public static Thread start(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        ThreadShortageException.start(thread);
        return thread;
    }

    /** Calls that have not returned, abandoned or still waited for. */
    int pending() {
        return pending.size();
    }
}
