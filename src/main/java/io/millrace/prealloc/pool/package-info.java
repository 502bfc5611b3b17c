// SPDX-License-Identifier: Apache-2.0
/**
 * Pools: directories that are kept filled with reserved files, which are claimed by rename(2).
 *
 * <p>{@link io.millrace.prealloc.pool.Pools} has them all, {@link io.millrace.prealloc.pool.PoolKeeper} is the thread of one. A file is
 * made by {@code prealloc}, and never deleted by a pool.
 */
@NullMarked
package io.millrace.prealloc.pool;

import org.jspecify.annotations.NullMarked;
