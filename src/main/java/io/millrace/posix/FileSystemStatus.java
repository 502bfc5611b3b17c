// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import com.sun.jna.Pointer;

/**
 * What statfs(2) says of the mount that a file lies on.
 *
 * @param magic the type of the file system, as linux/magic.h numbers it
 * @param blockBytes the unit of its counts
 * @param availableBytes what an unprivileged process may still take
 * @param freeBytes what is free, the part reserved for root included
 */
public record FileSystemStatus(long magic, long blockBytes, long totalBytes, long freeBytes, long availableBytes) {
    static final int STRUCT_BYTES = 120;

    static FileSystemStatus read(Pointer statfs) {
        long block = statfs.getLong(72) == 0 ? statfs.getLong(8) : statfs.getLong(72);
        return new FileSystemStatus(
                statfs.getLong(0),
                block,
                statfs.getLong(16) * block,
                statfs.getLong(24) * block,
                statfs.getLong(32) * block);
    }
}
