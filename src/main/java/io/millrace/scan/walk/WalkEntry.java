// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import io.millrace.files.RecordReader;
import io.millrace.posix.libc.BytePath;
import org.jspecify.annotations.Nullable;

/**
 * A file that the walk found, or an error in place of a file.
 *
 * @param sequence position in the walk, from 0 without gaps
 * @param parent directory in which to open {@code name}; null for a given path. The receiver releases it
 * @param error one line; null for a file
 * @param isStandardInput whether it stands for descriptor 0; {@code path} is then its name in results and names no file
 */
public record WalkEntry(
        long sequence,
        BytePath path,
        @Nullable SharedDirectory parent,
        byte[] name,
        @Nullable String error,
        boolean isStandardInput) {
    /** Creates an entry for a file by its name, or for an error. */
    public WalkEntry(
            long sequence, BytePath path, @Nullable SharedDirectory parent, byte[] name, @Nullable String error) {
        this(sequence, path, parent, name, error, false);
    }

    /** Creates an entry for descriptor 0. */
    static WalkEntry standardInput(long sequence) {
        return new WalkEntry(sequence, RecordReader.STANDARD_INPUT, null, new byte[0], null, true);
    }

    public void release() {
        if (parent != null) {
            parent.release();
        }
    }
}
