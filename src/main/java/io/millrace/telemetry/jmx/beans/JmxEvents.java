// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.pagecache.CacheEffect;
import io.millrace.prealloc.pool.PoolListener;
import io.millrace.prealloc.pool.PoolState;
import io.millrace.prealloc.pool.PoolStatus;
import io.millrace.scan.ScanSummary;
import io.millrace.scan.job.ScanServiceListener;
import io.millrace.scan.job.ScanStatus;
import io.millrace.telemetry.jmx.JmxServer;
import io.millrace.worker.WorkerListener;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Hears what the floors below tell and passes it on as JMX notifications, and as beans that come and go, once a {@link
 * JmxServer} is open. Made before them, since they are made with their listeners. Any thread; never asks back.
 */
public final class JmxEvents implements ScanServiceListener, PoolListener, WorkerListener {
    private final Map<String, PoolState> states = new ConcurrentHashMap<>();
    private CacheEffect past = CacheEffect.NONE;
    private volatile @Nullable MBeanRegistrar roster;

    public synchronized void attach(MBeanRegistrar target) {
        roster = target;
    }

    /** Unless another one is attached by now. */
    public synchronized void detach(MBeanRegistrar target) {
        if (roster == target) {
            roster = null;
        }
    }

    /** The effect of all scans that are over. */
    synchronized CacheEffect past() {
        return past;
    }

    private synchronized void add(CacheEffect effect) {
        past = past.plus(effect);
    }

    @Override
    public void started(ScanStatus status) {
        MBeanRegistrar target = roster;
        if (target != null) {
            target.scanStarted(status.id());
        }
    }

    @Override
    public void ended(ScanStatus status, Optional<ScanSummary> summary) {
        add(status.effect());
        MBeanRegistrar target = roster;
        if (target != null) {
            target.scanEnded(status);
        }
    }

    @Override
    public void changed(PoolStatus status) {
        PoolState before = states.put(status.spec().name(), status.state());
        MBeanRegistrar target = roster;
        if (target != null) {
            target.poolChanged(status, before);
        }
    }

    @Override
    public void restarts(String worker, String reason) {
        MBeanRegistrar target = roster;
        if (target != null) {
            target.workerRestarts(worker, reason);
        }
    }

    @Override
    public void quarantined(String worker, String reason) {
        MBeanRegistrar target = roster;
        if (target != null) {
            target.workerQuarantined(worker, reason);
        }
    }
}
