// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.files.Roots;
import io.millrace.posix.Posix;
import io.millrace.prealloc.Preallocator;
import io.millrace.prealloc.Reserve;
import io.millrace.prealloc.pool.Pools;
import io.millrace.scan.job.ScanService;
import io.millrace.scan.schedule.SourceScheduler;
import io.millrace.worker.WorkerPools;
import java.util.function.Supplier;

/**
 * The parts of the service that the endpoints show and control.
 *
 * @param preallocator for files outside of pools
 * @param roots the only directory trees that requests may name, as configured now
 * @param reserve the free space that such requests never use, as configured now
 */
public record ServiceParts(
        Posix posix,
        DaemonControl daemon,
        Pools pools,
        Preallocator preallocator,
        ScanService scans,
        SourceScheduler sources,
        WorkerPools workers,
        Supplier<Roots> roots,
        Supplier<Reserve> reserve) {
    /** Returns the operations that requests may perform on these parts. */
    public Controls controls() {
        return new Controls(
                posix,
                daemon,
                new PoolsControl(pools, roots),
                new FilesControl(preallocator, roots, reserve),
                new ScansControl(scans),
                new SourcesControl(sources),
                new WorkersControl(workers),
                roots);
    }
}
