// SPDX-License-Identifier: Apache-2.0
/**
 * Throttling of reads: rate limits, pause, yielding to the I/O of other programs, and locks for files that two scans
 * read at the same time.
 *
 * <p>Read {@link io.millrace.scan.throttle.ReadGate} first: every read of a scan passes it. Its types may be used from
 * any thread, unless they say otherwise.
 */
@NullMarked
package io.millrace.scan.throttle;

import org.jspecify.annotations.NullMarked;
