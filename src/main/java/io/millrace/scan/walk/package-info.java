// SPDX-License-Identifier: Apache-2.0
/**
 * Finds files: walks directories, within roots and by filters, and opens what it found.
 *
 * <p>{@link io.millrace.scan.walk.FileWalk} is pulled by whoever wants the next file. Names are bytes. A walk belongs to one thread at a
 * time.
 */
@NullMarked
package io.millrace.scan.walk;

import org.jspecify.annotations.NullMarked;
