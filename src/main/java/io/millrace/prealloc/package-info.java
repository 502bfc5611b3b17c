// SPDX-License-Identifier: Apache-2.0
/**
 * Reserves the blocks of files, and verifies what was reserved.
 *
 * <p>{@link io.millrace.prealloc.Preallocator} (open it first) takes an {@link io.millrace.prealloc.AllocationRequest}
 * and returns for each file an {@link io.millrace.prealloc.AllocationResult}: a
 * {@link io.millrace.prealloc.Reservation} as the file system reports it, or the reason of the failure. A new file
 * gets its name only when its blocks are reserved and on the device, and never replaces another; an existing file
 * keeps all its data unless the request permits otherwise; the {@link io.millrace.prealloc.Reserve} of free space is
 * not crossed; a failed allocation releases its blocks.
 *
 * <p>{@link io.millrace.prealloc.pool.Pools} keeps directories filled with such files, each by its own thread
 * ({@code millrace-pool-NAME}). Entries of the directory that differ from what the pool creates are reported and
 * ignored. Any program claims a file by rename.
 *
 * <p>The package does not decide where files belong or how many there should be. It does not check kernel versions: it
 * tries each call and handles the error. Except for the pools everything runs on the caller's thread.
 */
@NullMarked
package io.millrace.prealloc;

import org.jspecify.annotations.NullMarked;
