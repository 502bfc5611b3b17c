// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http;

import io.millrace.lifecycle.ThreadShortageException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that serve HTTP requests: one for each request, none while idle. A response is written with blocking
 * calls, so each request has a deadline; a thread that misses it is interrupted, which closes the connection.
 * Incomplete requests occupy no thread: see {@link HttpListener}. {@link #close} interrupts the threads.
 */
final class RequestThreads implements Executor, AutoCloseable {
    static final int MOST = 160;

    /** The time from a complete request to the last byte of its response. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration IDLE = Duration.ofSeconds(10);

    /** Request handlers need little stack; 160 stacks of the default size would look like high memory use. */
    private static final long STACK_BYTES = 512 << 10;

    /** The interval between interrupts of a thread that does not end after the first. */
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Map<Thread, Long> dueNanos = new HashMap<>();
    private final AtomicInteger made = new AtomicInteger();
    private final ThreadPoolExecutor pool;
    private final Thread watch = new Thread(this::watch, "millrace-http-watch");
    private boolean closed;

    /**
     * Accepts a request only if a thread is idle; otherwise the pool starts a new thread, and the request waits only if
     * the pool has its maximum size.
     */
    private static final class Handover extends LinkedTransferQueue<Runnable> {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean offer(Runnable request) {
            return tryTransfer(request);
        }

        static void await(Runnable request, ThreadPoolExecutor pool) {
            if (pool.isShutdown()) {
                throw new RejectedExecutionException("the service stops");
            }
            ((Handover) pool.getQueue()).put(request);
        }
    }

    RequestThreads() {
        pool = new ThreadPoolExecutor(
                0, MOST, IDLE.toSeconds(), TimeUnit.SECONDS, new Handover(), this::thread, Handover::await);
        watch.setDaemon(true);
        watch.start();
    }

    private Thread thread(Runnable work) {
        var thread = new Thread(null, work, "millrace-http-" + made.getAndIncrement(), STACK_BYTES);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void execute(Runnable request) {
        Runnable timed = () -> {
            allow(PATIENCE);
            try {
                request.run();
            } finally {
                over();
            }
        };
        try {
            pool.execute(timed);
        } catch (OutOfMemoryError e) {
            if (!ThreadShortageException.isCauseOf(e)) {
                throw e;
            }
            Handover.await(timed, pool); // an existing thread will take it; the listener's thread must not wait
        }
    }

    /** Sets the deadline of this thread's request to {@code time} from now. */
    synchronized void allow(Duration time) {
        if (closed) {
            Thread.currentThread().interrupt();
            return;
        }
        dueNanos.put(Thread.currentThread(), System.nanoTime() + time.toNanos());
        if (dueNanos.size() == 1) {
            notifyAll(); // the watch thread waits while there are no requests
        }
    }

    private synchronized void over() {
        dueNanos.remove(Thread.currentThread());
        if (Thread.interrupted() && closed) {
            Thread.currentThread().interrupt(); // keep the pool's interrupt, clear a late one of the watch thread
        }
    }

    private synchronized void watch() {
        try {
            while (!closed) {
                long wait = interruptLate();
                if (dueNanos.isEmpty()) {
                    wait();
                } else {
                    TimeUnit.NANOSECONDS.timedWait(this, wait);
                }
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    /**
     * Interrupts late requests and returns the time until the next deadline, at most one second because deadlines
     * change.
     */
    private long interruptLate() {
        long now = System.nanoTime();
        long next = AGAIN_NANOS;
        for (Map.Entry<Thread, Long> request : dueNanos.entrySet()) {
            long left = request.getValue() - now;
            if (left <= 0) {
                request.getKey().interrupt();
                request.setValue(now + AGAIN_NANOS);
            } else {
                next = Math.min(next, left);
            }
        }
        return Math.max(1, next);
    }

    /** Interrupts every request; {@link #awaitEnd} waits. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        pool.shutdownNow();
    }

    /** Returns whether all threads ended within the time. */
    boolean awaitEnd(Duration time) throws InterruptedException {
        watch.join(time.toMillis());
        return pool.awaitTermination(time.toMillis(), TimeUnit.MILLISECONDS) && !watch.isAlive();
    }
}
