// SPDX-License-Identifier: Apache-2.0
/**
 * Determines which pages of a file are in the page cache, and reads files without changing that.
 *
 * <p>{@link io.millrace.pagecache.Residency} asks the kernel, and reports "unknown" if the kernel's answer would be
 * wrong. {@link io.millrace.pagecache.Window} (open it first) moves over a file that is being read: it records what is
 * resident before the kernel's readahead, lets several consumers read at their own pace, and drops what was not
 * resident before behind the slowest of them. The package starts no thread; all consumers of a file share its window.
 */
@NullMarked
package io.millrace.pagecache;

import org.jspecify.annotations.NullMarked;
