// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.daemon.config.Configuration;
import io.millrace.lifecycle.Closer;
import io.millrace.posix.Posix;
import io.millrace.prealloc.pool.PoolListener;
import io.millrace.prealloc.pool.Pools;
import io.millrace.scan.catalog.CatalogKeeper;
import io.millrace.scan.catalog.CatalogKeeperListener;
import io.millrace.scan.catalog.RecordedSource;
import io.millrace.scan.job.ScanRequest;
import io.millrace.scan.job.ScanService;
import io.millrace.scan.job.ScanServiceListener;
import io.millrace.scan.schedule.SourceScheduler;
import io.millrace.scan.schedule.SourceSpec;
import io.millrace.worker.WorkerListener;
import io.millrace.worker.WorkerPools;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The working parts of the service: workers, pools, scans, and the sources that request scans. They stop in reverse
 * order: no new scan starts, running scans end, then the catalog, the pools, and the worker processes.
 */
record Engine(WorkerPools workers, Pools pools, CatalogKeeper catalog, ScanService scans, SourceScheduler sources) {
    /**
     * Opens all parts without any configured object; {@code parts} closes them. Adds one listener to
     * {@code scansListeners}.
     */
    static Engine open(
            Posix posix,
            StateDirectory state,
            PoolListener poolListener,
            List<ScanServiceListener> scansListeners,
            WorkerListener workerListener,
            CatalogKeeperListener catalogListener,
            Closer parts)
            throws StartException {
        var workers = parts.add(new WorkerPools(posix, workerListener));
        var pools = parts.add(new Pools(posix, state.below("pools"), poolListener));
        var catalog = parts.add(new CatalogKeeper(posix, state.path(), catalogListener));
        var scans = parts.add(new ScanService(
                posix, workers, catalog, ListenerMulticaster.to(ScanServiceListener.class, scansListeners)));
        var sources = parts.add(new SourceScheduler(posix, state.path(), scans));
        scansListeners.add(sources.scanListener());
        scansListeners.add(0, new WorkerOutcomes(workers));
        return new Engine(workers, pools, catalog, scans, sources);
    }

    /** Starts the work that {@code first} configures. */
    void begin(Configuration first) {
        scans.setTotalRate(first.totalRate());
        apply(first, first);
    }

    /**
     * Applies {@code next}. Values that were changed at run time (the total rate and the sizes of pools) are kept
     * unless the file changes that value. New workers are added before the sources that refer to them, and workers that
     * are no longer configured are removed last, so that a scan that starts meanwhile finds its workers.
     *
     * @param before the configuration that is in effect
     */
    void apply(Configuration before, Configuration next) {
        var all = new LinkedHashMap<>(before.workers());
        all.putAll(next.workers());
        workers.apply(all.values());
        pools.apply(next.pools().values());
        if (next.totalRate() != before.totalRate()) {
            scans.setTotalRate(next.totalRate());
        }
        scans.setDefaults(next.scanDefaults());
        catalog.apply(
                next.catalog(),
                next.sources().values().stream()
                        .filter(source -> source.what().recording().isAny())
                        .map(Engine::recorded)
                        .toList());
        sources.apply(next.sources().values());
        workers.apply(next.workers().values());
    }

    private static RecordedSource recorded(SourceSpec source) {
        ScanRequest what = source.what();
        return new RecordedSource(source.name(), what.paths(), what.filter(), what.recording(), what.bytesPerSecond());
    }

    /** Returns whether every part that has work to do makes progress. */
    boolean isAlive() {
        return pools.isAlive() && scans.isAlive();
    }
}
