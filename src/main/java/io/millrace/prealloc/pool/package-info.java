// SPDX-License-Identifier: Apache-2.0
/**
 * Pools: directories that are kept filled with reserved files, which are claimed by rename(2).
 *
 * <p>{@link io.millrace.prealloc.pool.Pools} holds all of them; {@link io.millrace.prealloc.pool.PoolKeeper} is the
 * thread of one. Files are created by {@code prealloc}, and never deleted by a pool.
 */
@NullMarked
package io.millrace.prealloc.pool;

import org.jspecify.annotations.NullMarked;
