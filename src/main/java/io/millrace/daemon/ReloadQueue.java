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
 * Does reloads one after the other on a daemon thread, {@code millrace-reload}, since a reload touches configured paths, of
 * which any may hang: neither the main thread nor a stop waits for it. Any thread.
 */
final class ReloadQueue {
    private static final long KEEP_THREAD_SECONDS = 10;

    private final Callable<String> reload;
    private final ThreadPoolExecutor thread;

    /** {@code reload}: one line on what changed, or why nothing did as an {@link IOException}. */
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

    /** Asks for one and does not wait; one that has been asked for and has not begun will do. */
    void ask() {
        if (thread.getQueue().isEmpty()) {
            thread.execute(new FutureTask<>(reload)); // which logs how it ends
        }
    }

    /**
     * Does one and waits for it.
     *
     * @throws UnansweredException where it has not ended by then; one that has begun goes on
     */
    String run(Duration limit) throws IOException {
        var task = new FutureTask<String>(reload);
        thread.execute(task);
        try {
            return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            boolean isWaiting = thread.remove(task);
            throw new UnansweredException("it is not known yet what comes of the reload: "
                    + (isWaiting ? "the one before it" : "it") + " has not ended within " + Durations.format(limit)
                    + (isWaiting ? "; try again" : " and goes on; the log tells how it ends"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnansweredException("interrupted; the log tells how the reload ends");
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

    /** No further one begins; waits for the one under way, but not longer than this. */
    void close(Duration limit) throws InterruptedException {
        thread.getQueue().clear();
        thread.shutdown();
        boolean unused = thread.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS);
    }
}
