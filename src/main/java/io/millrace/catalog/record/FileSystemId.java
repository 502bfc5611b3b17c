// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * What tells one file system from all others, wherever it is mounted: the UUID that FS_IOC_GETFSUUID gives (ext4, xfs), or
 * f_fsid of statfs(2) on btrfs. Never {@code st_dev}, which changes with the device node. Immutable.
 */
public final class FileSystemId {
    private static final int MAX_BYTES = 64;

    private final byte[] bytes;

    private FileSystemId(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes a copy of 1 to 64 bytes. */
    public static FileSystemId of(byte[] bytes) {
        if (bytes.length == 0 || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("an id of a file system has 1 to 64 bytes, not " + bytes.length);
        }
        return new FileSystemId(bytes.clone());
    }

    /** The reverse of {@link #toString()}; {@link IllegalArgumentException} for anything else. */
    public static FileSystemId parse(String hexadecimal) {
        return of(HexFormat.of().parseHex(hexadecimal));
    }

    /** A copy. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileSystemId id && Arrays.equals(bytes, id.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
