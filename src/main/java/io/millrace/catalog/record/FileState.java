// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

/**
 * What statx(2) says of a file that tells whether somebody wrote to it.
 *
 * @param modifiedNanos mtime: nanoseconds since 1970; {@link #UNKNOWN} in a record that came from a manifest
 * @param changedNanos ctime likewise
 */
public record FileState(long sizeBytes, long modifiedNanos, long changedNanos) {
    public static final long UNKNOWN = Long.MIN_VALUE;

    public FileState {
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("no file has " + sizeBytes + " bytes");
        }
    }

    /** Of a file of which only the size is known. */
    public static FileState ofSize(long sizeBytes) {
        return new FileState(sizeBytes, UNKNOWN, UNKNOWN);
    }

    public boolean hasTimes() {
        return modifiedNanos != UNKNOWN;
    }

    /**
     * Whether size or mtime are others. ctime does not count: chmod, a rename and a new link move it, and a file that went bad
     * and was renamed has to be found all the same.
     */
    boolean isRewrittenSince(FileState recorded) {
        return sizeBytes != recorded.sizeBytes || recorded.hasTimes() && modifiedNanos != recorded.modifiedNanos;
    }
}
