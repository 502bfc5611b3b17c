// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import com.sun.jna.Pointer;

/**
 * One extent of a file, as FS_IOC_FIEMAP tells it (Documentation/filesystems/fiemap.rst).
 *
 * @param range the bytes of the file
 * @param physicalBytes where it starts on the device
 * @param flags FIEMAP_EXTENT_*
 */
public record Extent(ByteRange range, long physicalBytes, int flags) {
    static final int STRUCT_BYTES = 56;
    private static final int LAST = 0x1;
    private static final int UNWRITTEN = 0x800;
    private static final int SHARED = 0x2000;

    static Extent read(Pointer extents, long offset) {
        return new Extent(
                new ByteRange(extents.getLong(offset), extents.getLong(offset + 16)),
                extents.getLong(offset + 8),
                extents.getInt(offset + 40));
    }

    /** Whether this one begins, in the file and on the device, where the other ends. */
    public boolean continues(Extent other) {
        return range.offsetBytes() == other.range.endBytes()
                && physicalBytes == other.physicalBytes + other.range.lengthBytes();
    }

    boolean isLast() {
        return (flags & LAST) != 0;
    }

    /** Reserved, and reads as zeros until written. */
    public boolean isUnwritten() {
        return (flags & UNWRITTEN) != 0;
    }

    /** Shared with another file: a write copies it. */
    public boolean isShared() {
        return (flags & SHARED) != 0;
    }
}
