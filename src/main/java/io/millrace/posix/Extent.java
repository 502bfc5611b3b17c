// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import com.sun.jna.Pointer;
import io.millrace.posix.libc.ByteRange;

/**
 * One extent of a file, as reported by FS_IOC_FIEMAP (Documentation/filesystems/fiemap.rst).
 *
 * @param range the bytes of the file
 * @param physicalBytes its offset on the device
 * @param flags FIEMAP_EXTENT_*
 */
public record Extent(ByteRange range, long physicalBytes, int flags) {
    public static final int STRUCT_BYTES = 56;
    // Offsets in struct fiemap_extent (linux/fiemap.h).
    public static final int LOGICAL = 0;
    public static final int PHYSICAL = 8;
    public static final int LENGTH = 16;
    public static final int FLAGS = 40;
    // FIEMAP_EXTENT_*
    public static final int LAST = 0x1;
    public static final int UNKNOWN = 0x2;
    public static final int DELALLOC = 0x4;
    public static final int ENCODED = 0x8;
    public static final int DATA_ENCRYPTED = 0x80;
    public static final int NOT_ALIGNED = 0x100;
    public static final int DATA_INLINE = 0x200;
    public static final int DATA_TAIL = 0x400;
    public static final int UNWRITTEN = 0x800;
    public static final int SHARED = 0x2000;

    public static Extent read(Pointer extents, long offset) {
        long start = extents.getLong(offset + LOGICAL);
        long length =
                Math.min(extents.getLong(offset + LENGTH), Long.MAX_VALUE - start); // the last block may end beyond
        return new Extent(
                new ByteRange(start, length), extents.getLong(offset + PHYSICAL), extents.getInt(offset + FLAGS));
    }

    /** Whether this extent follows the other directly, in the file and on the device. */
    public boolean continues(Extent other) {
        return range.offsetBytes() == other.range.endBytes()
                && physicalBytes == other.physicalBytes + other.range.lengthBytes();
    }

    /** Whether it is the last extent of the file, or of the requested range (ext4, xfs). */
    public boolean isLast() {
        return (flags & LAST) != 0;
    }

    /** Whether {@link #physicalBytes()} is where its first byte lies; not of what is yet to be written, or lies in metadata. */
    public boolean hasAddress() {
        return (flags & (UNKNOWN | DELALLOC | NOT_ALIGNED | DATA_INLINE | DATA_TAIL)) == 0;
    }

    /** Whether the device holds the very bytes of the file there, neither compressed nor encrypted nor among metadata. */
    public boolean isPlain() {
        return hasAddress() && (flags & (ENCODED | DATA_ENCRYPTED)) == 0;
    }

    /** Whether it is allocated but reads as zeros until written. */
    public boolean isUnwritten() {
        return (flags & UNWRITTEN) != 0;
    }

    /** Whether it is shared with another file, so that a write copies it. */
    public boolean isShared() {
        return (flags & SHARED) != 0;
    }
}
