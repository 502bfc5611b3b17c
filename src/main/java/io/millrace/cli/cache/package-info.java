// SPDX-License-Identifier: Apache-2.0
/**
 * {@code millrace cache}: residency of files, and advice to the kernel.
 *
 * <p>Open {@link io.millrace.cli.cache.CacheCommand} first. Main thread only.
 */
@NullMarked
package io.millrace.cli.cache;

import org.jspecify.annotations.NullMarked;
