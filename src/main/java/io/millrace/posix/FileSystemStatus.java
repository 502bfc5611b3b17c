// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import java.nio.ByteBuffer;

/**
 * The result of statfs(2) for the mount of a file. Immutable.
 *
 * @param magic the type of the file system, a number of linux/magic.h
 * @param blockBytes the unit of its counts
 * @param availableBytes free bytes for an unprivileged process
 * @param freeBytes free bytes, including those reserved for root
 * @param totalInodes 0 if the file system creates inodes as needed (btrfs)
 */
public record FileSystemStatus(
        long magic,
        long blockBytes,
        long totalBytes,
        long freeBytes,
        long availableBytes,
        long totalInodes,
        long freeInodes) {
    public static final int STRUCT_BYTES = 120;
    // Offsets in struct statfs (asm-generic/statfs.h, 64 bits).
    public static final int TYPE = 0;
    public static final int BLOCK = 8;
    public static final int TOTAL = 16;
    public static final int FREE = 24;
    public static final int AVAILABLE = 32;
    public static final int INODES = 40;
    public static final int FREE_INODES = 48;
    public static final int FRAGMENT = 72;

    /**
     * Whether no new file can be created although there may be free bytes: all of a fixed number of inodes are in use.
     */
    public boolean lacksInodes() {
        return totalInodes > 0 && freeInodes == 0;
    }

    public static FileSystemStatus read(ByteBuffer statfs) {
        long block = statfs.getLong(FRAGMENT) == 0 ? statfs.getLong(BLOCK) : statfs.getLong(FRAGMENT);
        return new FileSystemStatus(
                statfs.getLong(TYPE),
                block,
                statfs.getLong(TOTAL) * block,
                statfs.getLong(FREE) * block,
                statfs.getLong(AVAILABLE) * block,
                statfs.getLong(INODES),
                statfs.getLong(FREE_INODES));
    }
}
