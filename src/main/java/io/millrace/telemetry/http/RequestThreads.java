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
 * The threads that serve HTTP requests, one a request, none while there are none. An answer is written with calls that
 * wait for the client, so each request has a deadline here: who misses it is interrupted, which closes the connection.
 * Requests that have not arrived in whole take no thread: see {@link HttpListener}.
 */
final class RequestThreads implements Executor, AutoCloseable {
    static final int MOST = 160;

    /** From a request that has arrived to the last byte of its answer. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration IDLE = Duration.ofSeconds(10);

    /** Requests go few calls deep; 160 of the usual size would look like a lot. */
    private static final long STACK_BYTES = 512 << 10;

    /** One that does not end upon the first interrupt. */
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Map<Thread, Long> dueNanos = new HashMap<>();
    private final AtomicInteger made = new AtomicInteger();
    private final ThreadPoolExecutor pool;
    private final Thread watch = new Thread(this::watch, "millrace-http-watch");
    private boolean closed;

    /** Takes a request only where a thread is free; else the pool makes one, and only with the most of them it waits. */
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
            Handover.await(timed, pool); // one of those there are takes it, and the server's own thread goes on
        }
    }

    /** Gives the request of this thread so much time from now on. */
    synchronized void allow(Duration time) {
        if (closed) {
            Thread.currentThread().interrupt();
            return;
        }
        dueNanos.put(Thread.currentThread(), System.nanoTime() + time.toNanos());
        if (dueNanos.size() == 1) {
            notifyAll(); // the watch sleeps for as long as there is nothing to watch
        }
    }

    private synchronized void over() {
        dueNanos.remove(Thread.currentThread());
        if (Thread.interrupted() && closed) {
            Thread.currentThread().interrupt(); // the pool's, not one that came a moment too late
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

    /** How long until the next one is due; within a second, as deadlines move. */
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

    /** Whether all threads ended within the time. */
    boolean awaitEnd(Duration time) throws InterruptedException {
        watch.join(time.toMillis());
        return pool.awaitTermination(time.toMillis(), TimeUnit.MILLISECONDS) && !watch.isAlive();
    }
}
