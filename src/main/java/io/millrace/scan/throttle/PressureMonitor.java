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
 * Has scans make way while others wait for I/O, by a thread ({@code millrace-pressure}) that lives as long as a scan that
 * may make way. Any thread.
 *
 * <p>Others are all that is no scan of this service: what its own pools wait for while they reserve files, or its catalog
 * while it commits, comes before a scan as well.
 */
public final class PressureMonitor {
    private final PressureSource gauge;
    private final QuietWindowProbe.Clock clock;
    private final Consumer<String> unknown;

    @GuardedBy("this") private final List<YieldController> scans = new ArrayList<>();

    @GuardedBy("this") private @Nullable Thread thread;

    @GuardedBy("this") private boolean isUnknown;

    /** {@code unknown}: hears once, in one line, that the host does not tell of pressure; no scan makes way then. */
    public PressureMonitor(PressureSource gauge, QuietWindowProbe.Clock clock, Consumer<String> unknown) {
        this.gauge = gauge;
        this.clock = clock;
        this.unknown = unknown;
    }

    /** A scan begins; {@link #leave} ends it. */
    public synchronized YieldController join(ReadGate pace, OptionalDouble yieldAbove) {
        var scan = new YieldController(pace, yieldAbove, clock::nanoTime);
        scans.add(scan);
        if (scan.mayYield() && thread == null && !isUnknown) {
            var starting = new Thread(this::listen, "millrace-pressure");
            if (ThreadShortageException.tryStart(starting)) {
                thread = starting; // it waits for the lock that is held here
            } else {
                unknown.accept(ThreadShortageException.message(starting.getName()));
            }
        }
        return scan;
    }

    /** A scan is over. */
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
        var breath = new QuietWindowProbe(gauge, clock);
        List<YieldController> present = next();
        while (!present.isEmpty()) {
            try {
                breath.round(present);
            } catch (InterruptedException e) {
                // a scan is over: perhaps it was the last
            } catch (IOException | RuntimeException e) {
                giveUp(String.valueOf(e.getMessage()));
            }
            present = next();
        }
    }

    /** The scans there are; none where the thread is to end. */
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
