// SPDX-License-Identifier: Apache-2.0
/**
 * Worker processes: spawned, fed, watched and reaped. Knows pipes, terminals and the protocol; knows neither files'
 * pages nor scans: whoever has the bytes hands them to a {@link io.millrace.worker.Delivery} at its own time.
 *
 * <p>There is no thread here. A {@link io.millrace.worker.WorkerPool}, and {@link io.millrace.worker.WorkerPools},
 * which holds those of a service, may be used by any thread; a delivery belongs to the one that began it, which polls
 * its descriptors and tells it of what came.
 */
@NullMarked
package io.millrace.worker;

import org.jspecify.annotations.NullMarked;
