// SPDX-License-Identifier: Apache-2.0
/**
 * What a scan sees of a file beside its digests, for the catalog: which file it is, the CRC-32C of each block of 1 MiB and
 * whether that came from the device, and which blocks were dirty, unreadable or read differently the second time. Either from
 * the buffers of the scan's own reads, or by reading the device past the page cache. Nothing here judges a file or writes a
 * record.
 *
 * <p>{@link io.millrace.scan.observe.FileObserver} belongs to one reading thread; everything else is a value or says otherwise.
 * Open FileObserver first.
 */
@NullMarked
@CheckReturnValue
package io.millrace.scan.observe;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
