// SPDX-License-Identifier: Apache-2.0
/**
 * Finds files: walks directories, optionally within roots and with filters, and opens the files it found.
 *
 * <p>Read {@link io.millrace.scan.walk.FileWalk} first; its consumers pull the next file from it. Names are bytes, not
 * text. The walk has its own lock; its other types are used by one thread at a time unless they say otherwise.
 */
@NullMarked
package io.millrace.scan.walk;

import org.jspecify.annotations.NullMarked;
