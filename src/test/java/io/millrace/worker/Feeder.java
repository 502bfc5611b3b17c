// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.posix.Poll;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import java.nio.ByteBuffer;
import java.util.ArrayList;

/** One file on its way, as a scan would feed it, but in two steps: in between the worker is busy. */
final class Feeder implements AutoCloseable {
    private final Posix posix = LinuxPosix.create();
    private final Delivery delivery;

    private Feeder(Delivery delivery) {
        this.delivery = delivery;
    }

    /** Has given it half of the file. */
    static Feeder begin(WorkerPool pool, int halfBytes) throws Exception {
        var head = new FileHeader(BytePath.of("/some/file"), 2L * halfBytes, "test");
        var feeder = new Feeder(pool.begin(head, () -> false));
        feeder.delivery.start();
        feeder.delivery.stage(ByteBuffer.allocate(halfBytes));
        return feeder;
    }

    Delivery delivery() {
        return delivery;
    }

    /** Gives it the other half. */
    WorkerOutcome finish(int halfBytes) throws Exception {
        delivery.stage(ByteBuffer.allocate(halfBytes));
        return end();
    }

    /** Gives it no more, and waits for the outcome. */
    WorkerOutcome end() throws Exception {
        delivery.end();
        while (delivery.outcome().isEmpty()) {
            var polls = new ArrayList<Poll>();
            delivery.addTo(polls, false);
            var unused = posix.pipes().poll(polls, (int) Math.min(1000, delivery.nanosUntilDue() / 1_000_000 + 1));
            delivery.happened();
        }
        return delivery.outcome().get();
    }

    static WorkerOutcome feed(WorkerPool pool) throws Exception {
        try (var feeder = begin(pool, 500)) {
            return feeder.finish(500);
        }
    }

    /** The process that gave this outcome, as {@code worker.py} tells it. */
    static String pid(WorkerOutcome outcome) {
        return outcome.output().replaceAll(".*\"pid\":(\\d+).*", "$1");
    }

    @Override
    public void close() throws Exception {
        delivery.close();
    }
}
