// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.posix.Posix;
import io.millrace.posix.Roots;
import io.millrace.prealloc.Pools;
import io.millrace.prealloc.Preallocator;
import io.millrace.prealloc.Reserve;
import io.millrace.scan.Scans;
import io.millrace.scan.Sources;
import io.millrace.worker.WorkerPools;
import java.util.function.Supplier;

/**
 * What the faces show and steer.
 *
 * @param preallocator for files outside of the pools
 * @param roots the only trees that requests may name, as configured now
 * @param reserve the free space that such requests never take, as configured now
 */
public record Subjects(
        Posix posix,
        DaemonControl daemon,
        Pools pools,
        Preallocator preallocator,
        Scans scans,
        Sources sources,
        WorkerPools workers,
        Supplier<Roots> roots,
        Supplier<Reserve> reserve) {}
