// SPDX-License-Identifier: Apache-2.0
/**
 * Reserves files and says truthfully what was reserved.
 *
 * <p>{@link io.millrace.prealloc.Preallocator} takes an {@link io.millrace.prealloc.AllocationRequest} and gives each
 * file an {@link io.millrace.prealloc.AllocationResult}: a {@link io.millrace.prealloc.Reservation} by the file system's own count,
 * or why not. A new file gets its name only when its blocks are reserved and on the device, and never takes the place
 * of another; a file that exists keeps every byte it has unless its owner said otherwise; the {@link
 * io.millrace.prealloc.Reserve} of free space is not crossed; what fails gives its blocks back.
 *
 * <p>{@link io.millrace.prealloc.pool.Pools} keeps directories filled with such files, each by a thread of its own ({@code
 * millrace-pool-NAME}): whatever in a directory is not as the pool would have made it is left alone and told of. Any
 * program claims by rename.
 *
 * <p>It decides nothing about where files belong or how many there should be, and asks no kernel by its version: what
 * a file system cannot do shows when it is asked. But for the pools everything runs on the caller's thread.
 */
@NullMarked
package io.millrace.prealloc;

import org.jspecify.annotations.NullMarked;
