// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.catalog.record.Verdict;
import io.millrace.prealloc.pool.PoolListener;
import io.millrace.prealloc.pool.PoolState;
import io.millrace.prealloc.pool.PoolStatus;
import io.millrace.scan.ScanSummary;
import io.millrace.scan.catalog.Alarm;
import io.millrace.scan.job.ScanServiceListener;
import io.millrace.scan.job.ScanStatus;
import io.millrace.scan.record.RecordedFile;
import io.millrace.telemetry.ScanTotals;
import io.millrace.telemetry.jmx.JmxServer;
import io.millrace.worker.WorkerListener;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Receives the events of the packages below and, while a {@link JmxServer} is open, forwards them to it, which sends
 * JMX notifications and registers and unregisters MBeans. It is created before those packages' objects, which take
 * their listeners at construction. Any thread; it never calls back into them.
 */
public final class JmxEvents implements ScanServiceListener, PoolListener, WorkerListener {
    /** Receives the events while JMX is open. */
    interface Receiver {
        void scanStarted(String id);

        void scanEnded(ScanStatus status);

        void poolChanged(PoolStatus status, @Nullable PoolState before);

        void workerRestarts(String worker, String reason);

        void workerQuarantined(String worker, String reason);

        void fileCorrupt(String message);
    }

    private final Map<String, PoolState> states = new ConcurrentHashMap<>();
    private final ScanTotals totals;
    private volatile @Nullable Receiver receiver;

    /** @param totals of all scans, which another listener updates when a scan ends */
    public JmxEvents(ScanTotals totals) {
        this.totals = totals;
    }

    public synchronized void attach(Receiver target) {
        receiver = target;
    }

    /** Detaches {@code target} unless another receiver has been attached since. */
    public synchronized void detach(Receiver target) {
        if (receiver == target) {
            receiver = null;
        }
    }

    ScanTotals totals() {
        return totals;
    }

    @Override
    public void started(ScanStatus status) {
        Receiver target = receiver;
        if (target != null) {
            target.scanStarted(status.id());
        }
    }

    @Override
    public void ended(ScanStatus status, Optional<ScanSummary> summary) {
        Receiver target = receiver;
        if (target != null) {
            target.scanEnded(status);
        }
    }

    @Override
    public void fileRecorded(String scan, RecordedFile file) {
        Receiver target = receiver;
        Verdict verdict = file.verdict().orElse(Verdict.OK);
        if (target != null && verdict.isAlarm()) {
            target.fileCorrupt("scan " + scan + ": " + file.path() + ": " + verdict.label() + "; "
                    + Alarm.advice(file.path(), verdict));
        }
    }

    @Override
    public void changed(PoolStatus status) {
        PoolState before = states.put(status.spec().name(), status.state());
        Receiver target = receiver;
        if (target != null) {
            target.poolChanged(status, before);
        }
    }

    @Override
    public void restarts(String worker, String reason) {
        Receiver target = receiver;
        if (target != null) {
            target.workerRestarts(worker, reason);
        }
    }

    @Override
    public void quarantined(String worker, String reason) {
        Receiver target = receiver;
        if (target != null) {
            target.workerQuarantined(worker, reason);
        }
    }
}
