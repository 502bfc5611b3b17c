// SPDX-License-Identifier: Apache-2.0
/**
 * What of a file is in the page cache, and how to read the file without changing that.
 *
 * <p>{@link io.millrace.pagecache.Residency} asks the kernel and says "unknown" where the kernel would lie. {@link
 * io.millrace.pagecache.Window} slides over a file that is being read: it surveys what is resident before the kernel's
 * readahead gets there, lets several consumers read at their own pace, and lets go of what was not resident before
 * behind the slowest of them. It starts no thread; a window may be used by all that read its file.
 */
@NullMarked
package io.millrace.pagecache;

import org.jspecify.annotations.NullMarked;
