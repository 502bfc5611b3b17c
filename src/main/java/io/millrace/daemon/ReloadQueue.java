// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.lifecycle.UnansweredException;
import io.millrace.units.Durations;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Executes reloads one at a time on a daemon thread, {@code millrace-reload}. A reload accesses configured paths, any
 * of which may hang, so neither the main thread nor a stop may wait for it. Any thread; {@link Service} closes it.
 */
final class ReloadQueue {
    private static final long KEEP_THREAD_SECONDS = 10;

    private final Callable<String> reload;
    private final ThreadPoolExecutor thread;

    /**
     * @param reload returns one line that says what changed, or throws an {@link IOException} that says why nothing
     *     changed
     */
    ReloadQueue(Callable<String> reload) {
        this.reload = reload;
        this.thread = new ThreadPoolExecutor(
                1, 1, KEEP_THREAD_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    var made = new Thread(task, "millrace-reload");
                    made.setDaemon(true);
                    return made;
                });
        thread.allowCoreThreadTimeOut(true);
    }

    /** Requests a reload and returns at once; does nothing if a requested reload has not started yet. */
    void ask() {
        if (thread.getQueue().isEmpty()) {
            thread.execute(new FutureTask<>(reload)); // the reload logs its own result
        }
    }

    /**
     * Executes a reload and waits for it.
     *
     * @throws UnansweredException if it has not ended within {@code limit}; a reload that has started continues
     */
    String run(Duration limit) throws IOException {
        var task = new FutureTask<String>(reload);
        thread.execute(task);
        try {
            return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            boolean isWaiting = thread.remove(task);
            throw new UnansweredException("the result of the reload is not known yet: "
                    + (isWaiting ? "the previous reload" : "it") + " has not ended within " + Durations.format(limit)
                    + (isWaiting ? "; try again" : " and continues; its result will be logged"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnansweredException("interrupted; the result of the reload will be logged");
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        }
    }

    private static IOException rethrown(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof IOException known ? known : new IOException(cause);
    }

    /** Starts no further reload and waits at most {@code limit} for the running one. */
    void close(Duration limit) throws InterruptedException {
        thread.getQueue().clear();
        thread.shutdown();
        boolean unused = thread.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS);
    }
}
