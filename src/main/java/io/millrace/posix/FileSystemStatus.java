// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import java.nio.ByteBuffer;

/**
 * What statfs(2) says of the mount that a file lies on.
 *
 * @param magic the type of the file system, as linux/magic.h numbers it
 * @param blockBytes the unit of its counts
 * @param availableBytes what an unprivileged process may still take
 * @param freeBytes what is free, the part reserved for root included
 * @param totalInodes 0 where the file system makes inodes as they are needed (btrfs)
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

    /** Whether no new file can be made although there may be free bytes: a fixed number of inodes, and all are taken. */
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
