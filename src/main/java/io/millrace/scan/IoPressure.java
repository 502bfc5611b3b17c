// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

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
final class IoPressure {
    private final PressureGauge gauge;
    private final Breath.Clock clock;
    private final Consumer<String> unknown;

    @GuardedBy("this") private final List<Courtesy> scans = new ArrayList<>();

    @GuardedBy("this") private @Nullable Thread thread;

    @GuardedBy("this") private boolean isUnknown;

    /** {@code unknown}: hears once, in one line, that the host does not tell of pressure; no scan makes way then. */
    IoPressure(PressureGauge gauge, Breath.Clock clock, Consumer<String> unknown) {
        this.gauge = gauge;
        this.clock = clock;
        this.unknown = unknown;
    }

    /** A scan begins; {@link #leave} ends it. */
    synchronized Courtesy join(Pace pace, OptionalDouble yieldAbove) {
        var scan = new Courtesy(pace, yieldAbove, clock::nanoTime);
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
    synchronized void leave(Courtesy scan) throws InterruptedException {
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
        return scans.stream().anyMatch(Courtesy::mayYield);
    }

    private void listen() {
        var breath = new Breath(gauge, clock);
        List<Courtesy> present = next();
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
    private synchronized List<Courtesy> next() {
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
            scans.forEach(Courtesy::end);
        }
        unknown.accept(why);
    }
}
