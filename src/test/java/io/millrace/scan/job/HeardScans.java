// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scan.FileResult;
import io.millrace.scan.ScanSummary;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** All that a service's scans told. */
final class HeardScans implements ScanServiceListener {
    final Map<String, FileResult> results = new ConcurrentHashMap<>();
    final LinkedBlockingQueue<ScanStatus> ended = new LinkedBlockingQueue<>();
    final AtomicInteger started = new AtomicInteger();
    final AtomicLong readBytes = new AtomicLong();
    volatile boolean refuses;
    volatile boolean refusesStarts;
    volatile boolean failsAtStarts;
    final Gate gate = new Gate();
    final Gate endGate = new Gate();

    @Override
    public void started(ScanStatus status) {
        started.incrementAndGet();
        if (refusesStarts) {
            throw new IllegalStateException("not now");
        }
        if (failsAtStarts) {
            throw new OutOfMemoryError("no thread");
        }
    }

    @Override
    public void fileFinished(String scan, FileResult result) throws IOException {
        if (refuses) {
            throw new IOException("no room to remember it");
        }
        gate.pass();
        results.put(scan + " " + result.path(), result);
    }

    @Override
    public void ended(ScanStatus status, Optional<ScanSummary> summary) {
        endGate.pass();
        assertThat(summary.isPresent()).isEqualTo(status.state() != ScanState.FAILED);
        ended.add(status);
    }

    @Override
    public void read(long bytes, long nanos) {
        assertThat(nanos).isPositive();
        readBytes.addAndGet(bytes);
    }

    /** What a listener may get stuck at. */
    static final class Gate {
        private boolean closed;

        synchronized void close() {
            closed = true;
        }

        synchronized void open() {
            closed = false;
            notifyAll();
        }

        synchronized void pass() {
            while (closed) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }
}
