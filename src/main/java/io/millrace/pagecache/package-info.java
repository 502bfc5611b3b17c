// SPDX-License-Identifier: Apache-2.0
/**
 * Determines which pages of a file are in the page cache, and reads files without changing that.
 *
 * <p>{@link io.millrace.pagecache.Residency} asks the kernel, and reports "unknown" if the kernel's answer would be
 * wrong. {@link io.millrace.pagecache.Window} (open it first) moves over a file that is being read: it records what is
 * resident before the kernel's readahead, lets several consumers read at their own pace, and drops what was not
 * resident before behind the slowest of them. All consumers of a file share its
 * window, which starts no thread. {@link io.millrace.pagecache.DeviceReader} reads past the page cache, to see what the
 * device itself holds, and has threads that read ahead.
 */
@NullMarked
package io.millrace.pagecache;

import org.jspecify.annotations.NullMarked;
