// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.files.Roots;
import io.millrace.posix.Posix;
import io.millrace.prealloc.Preallocator;
import io.millrace.prealloc.Reserve;
import io.millrace.prealloc.pool.PoolControl;
import io.millrace.scan.catalog.CatalogControl;
import io.millrace.scan.job.ScanControl;
import io.millrace.scan.schedule.SourceControl;
import io.millrace.worker.WorkerControl;
import java.util.function.Supplier;

/**
 * The parts of the service that the endpoints show and control.
 *
 * @param preallocator for files outside of pools
 * @param roots the only directory trees that requests may name, as configured now
 * @param reserve the free space that requests for such files never use, as configured now
 */
public record ServiceParts(
        Posix posix,
        DaemonControl daemon,
        PoolControl pools,
        Preallocator preallocator,
        ScanControl scans,
        SourceControl sources,
        WorkerControl workers,
        CatalogControl catalog,
        Supplier<Roots> roots,
        Supplier<Reserve> reserve) {}
