// SPDX-License-Identifier: Apache-2.0
package io.millrace.lifecycle;

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
 * Runs calls that may never return on daemon threads of their own, and waits for each only so long. Nothing ends a call
 * into a mount that hangs but the end of the process, so a call that is given up keeps its thread until the kernel answers;
 * the same call is not made a second time meanwhile, and at most {@link #MAX_ABANDONED} are given up at a time. Any thread.
 */
public final class AbandonableCalls {
    /** Calls that have been given up and have not returned; more are refused until one of them does. */
    public static final int MAX_ABANDONED = 64;

    private final Map<String, FutureTask<?>> pending = new ConcurrentHashMap<>();

    /**
     * Makes a call and waits for it.
     *
     * @param name what tells it from others, also the name of its thread; a call of the same name that was given up before
     *     and has not returned is waited for first
     * @throws UnansweredException where it does not return in time
     * @throws ExecutionException with whatever the call throws
     * @throws InterruptedException the call is given up then
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
        try {
            start(name, () -> {
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
        try {
            return task.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw unanswered(name, limit);
        }
    }

    private static void awaitReturn(String name, FutureTask<?> task, long deadline, Duration limit)
            throws UnansweredException, InterruptedException {
        try {
            Object unused = task.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw unanswered(name, limit);
        } catch (ExecutionException e) {
            return; // its answer is out of date, whatever it is
        }
    }

    private static UnansweredException unanswered(String name, Duration limit) {
        return new UnansweredException(name + ": no reply within " + Durations.format(limit));
    }

    /**
     * Starts a daemon thread, which does not keep the process.
     *
     * @throws ThreadShortageException where there is none to be had
     */
    public static Thread start(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        ThreadShortageException.start(thread);
        return thread;
    }

    /** Calls that were given up, or are waited for now, and have not returned. */
    int pending() {
        return pending.size();
    }
}
