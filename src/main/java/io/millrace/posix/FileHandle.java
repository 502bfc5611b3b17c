// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What name_to_handle_at(2) says of a file: opaque bytes, equal for the same file of the same file system, different after the
 * inode number was used again.
 *
 * @param type how the file system made it
 * @param bytes 128 at most; not to be changed
 */
public record FileHandle(int type, byte[] bytes) {
    // Offsets in struct file_handle (fcntl.h), and the most bytes that follow it.
    public static final int LENGTH = 0;
    public static final int TYPE = 4;
    public static final int HEADER_BYTES = 8;
    public static final int MAX_BYTES = 128;

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FileHandle that && type == that.type && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * type + Arrays.hashCode(bytes);
    }
}
