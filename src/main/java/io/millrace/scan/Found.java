// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.posix.BytePath;
import org.jspecify.annotations.Nullable;

/**
 * What the walk came upon: a file to read, or an error in its place.
 *
 * @param sequence 0 for the first, and so on without a gap
 * @param parent where to open {@code name}; null for a path that was given as such. To be released by the taker
 * @param error one line, null for a file
 */
record Found(
        long sequence,
        BytePath path,
        @Nullable SharedDirectory parent,
        byte[] name,
        @Nullable String error) {
    void release() {
        if (parent != null) {
            parent.release();
        }
    }
}
