// SPDX-License-Identifier: Apache-2.0
/**
 * Worker processes: starts, feeds, watches and reaps them. Knows pipes, terminals and the protocol, but neither page
 * cache nor scans: the caller that has the bytes passes them to a {@link io.millrace.worker.Delivery}. Open that class
 * first.
 *
 * <p>Deliveries need no thread of their own. A {@link io.millrace.worker.WorkerPool}, and
 * {@link io.millrace.worker.WorkerPools}, which holds those of a service, may be used by any thread; a delivery
 * belongs to the thread that began it, which polls its descriptors and passes on the events.
 */
@NullMarked
package io.millrace.worker;

import org.jspecify.annotations.NullMarked;
