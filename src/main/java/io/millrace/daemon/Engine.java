// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.daemon.config.Configuration;
import io.millrace.lifecycle.Closer;
import io.millrace.posix.Posix;
import io.millrace.prealloc.pool.PoolListener;
import io.millrace.prealloc.pool.Pools;
import io.millrace.scan.job.ScanService;
import io.millrace.scan.job.ScanServiceListener;
import io.millrace.scan.schedule.SourceScheduler;
import io.millrace.worker.WorkerListener;
import io.millrace.worker.WorkerPools;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * What does the work: workers, pools, scans, and the sources that ask for scans. Ends in reverse: no scan begins any
 * more, those under way end, then pools, then the workers' processes.
 */
record Engine(WorkerPools workers, Pools pools, ScanService scans, SourceScheduler sources) {
    /** Opens all of it, empty; {@code parts} closes it. One more is added to the {@code scansListeners}. */
    static Engine open(
            Posix posix,
            StateDirectory state,
            PoolListener poolListener,
            List<ScanServiceListener> scansListeners,
            WorkerListener workerListener,
            Closer parts)
            throws StartException {
        var workers = parts.add(new WorkerPools(posix, workerListener));
        var pools = parts.add(new Pools(posix, state.below("pools"), poolListener));
        var scans = parts.add(
                new ScanService(posix, workers, ListenerMulticaster.to(ScanServiceListener.class, scansListeners)));
        var sources = parts.add(new SourceScheduler(posix, state.path(), scans));
        scansListeners.add(sources.listener());
        scansListeners.add(0, new WorkerOutcomes(workers));
        return new Engine(workers, pools, scans, sources);
    }

    /** Begins to do what {@code first} says. */
    void begin(Configuration first) {
        scans.setTotalRate(first.totalRate());
        apply(first, first);
    }

    /**
     * Makes it do what {@code next} says; what was changed while it runs, the total rate and the sizes of pools, stays so
     * until the file says something else of it than before. Workers come before the sources that name them, and those that nobody names any
     * more go after: a scan that begins meanwhile finds its own.
     *
     * @param before what it does now
     */
    void apply(Configuration before, Configuration next) {
        var all = new LinkedHashMap<>(before.workers());
        all.putAll(next.workers());
        workers.apply(all.values());
        pools.apply(next.pools().values());
        if (next.totalRate() != before.totalRate()) {
            scans.setTotalRate(next.totalRate());
        }
        scans.setManners(next.manners());
        sources.apply(next.sources().values());
        workers.apply(next.workers().values());
    }

    /** Whether what has work to do gets on with it. */
    boolean isAlive() {
        return pools.isAlive() && scans.isAlive();
    }
}
