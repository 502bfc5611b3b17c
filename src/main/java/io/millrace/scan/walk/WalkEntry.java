// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import io.millrace.files.RecordReader;
import io.millrace.posix.libc.BytePath;
import org.jspecify.annotations.Nullable;

/**
 * What the walk came upon: a file to read, or an error in its place.
 *
 * @param sequence 0 for the first, and so on without a gap
 * @param parent where to open {@code name}; null for a path that was given as such. To be released by the taker
 * @param error one line, null for a file
 * @param isStandardInput whether it stands for descriptor 0: {@code path} is what results call that, and names no file
 */
public record WalkEntry(
        long sequence,
        BytePath path,
        @Nullable SharedDirectory parent,
        byte[] name,
        @Nullable String error,
        boolean isStandardInput) {
    /** A file by its name, or an error in its place. */
    public WalkEntry(
            long sequence, BytePath path, @Nullable SharedDirectory parent, byte[] name, @Nullable String error) {
        this(sequence, path, parent, name, error, false);
    }

    /** Descriptor 0. */
    static WalkEntry standardInput(long sequence) {
        return new WalkEntry(sequence, RecordReader.STANDARD_INPUT, null, new byte[0], null, true);
    }

    public void release() {
        if (parent != null) {
            parent.release();
        }
    }
}
