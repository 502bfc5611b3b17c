// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.lifecycle.ThreadShortageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes scans yield while other programs wait for I/O. Its thread ({@code millrace-pressure}) runs while there is a
 * scan that may yield, and ends with the last {@link #leave}. Any thread.
 *
 * <p>All I/O except the reads of this service's scans counts as other: a scan also yields to this service's pools while
 * they reserve files and to its catalog while it commits.
 */
public final class PressureMonitor {
    private final PressureSource gauge;
    private final QuietWindowProbe.Clock clock;
    private final Consumer<String> unknown;

    @GuardedBy("this") private final List<YieldController> scans = new ArrayList<>();

    @GuardedBy("this") private @Nullable Thread thread;

    @GuardedBy("this") private boolean isUnknown;

    /** {@code unknown}: called once, with one line, if the host does not report pressure; scans then never yield. */
    public PressureMonitor(PressureSource gauge, QuietWindowProbe.Clock clock, Consumer<String> unknown) {
        this.gauge = gauge;
        this.clock = clock;
        this.unknown = unknown;
    }

    /** Registers a scan, until {@link #leave}. */
    public synchronized YieldController join(ReadGate gate, OptionalDouble yieldAbove) {
        var scan = new YieldController(gate, yieldAbove, clock::nanoTime);
        scans.add(scan);
        if (scan.mayYield() && thread == null && !isUnknown) {
            var starting = new Thread(this::listen, "millrace-pressure");
            if (ThreadShortageException.tryStart(starting)) {
                thread = starting; // it first waits for this lock
            } else {
                unknown.accept(ThreadShortageException.message(starting.getName()));
            }
        }
        return scan;
    }

    /** Unregisters a scan. */
    public synchronized void leave(YieldController scan) throws InterruptedException {
        scans.remove(scan);
        scan.end();
        if (thread != null && !isNeeded()) {
            thread.interrupt();
        }
        while (thread != null && !isNeeded()) {
            wait();
        }
    }

    @GuardedBy("this") private boolean isNeeded() {
        return scans.stream().anyMatch(YieldController::mayYield);
    }

    private void listen() {
        var probe = new QuietWindowProbe(gauge, clock);
        List<YieldController> present = next();
        while (!present.isEmpty()) {
            try {
                probe.round(present);
            } catch (InterruptedException e) {
                // A scan has ended, and may have been the last one.
            } catch (IOException | RuntimeException e) {
                giveUp(String.valueOf(e.getMessage()));
            }
            present = next();
        }
    }

    /** Returns the registered scans; an empty list if the thread is to end. */
    private synchronized List<YieldController> next() {
        if (!isNeeded() || isUnknown) {
            thread = null;
            notifyAll();
            return List.of();
        }
        return List.copyOf(scans);
    }

    private void giveUp(String why) {
        synchronized (this) {
            isUnknown = true;
            scans.forEach(YieldController::end);
        }
        unknown.accept(why);
    }
}
