// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.FileHandle;
import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.Optional;

/**
 * Which file it is, whatever its name, as long as its file system lives: the same after a remount by another device node and
 * after a restart, another one when its inode number is used again.
 *
 * @param fileSystem which file system
 * @param inode its number there
 * @param generation what tells users of one inode number apart: FS_IOC_GETVERSION; where there is none, 64 bits of a hash of the
 *     file handle; 0 where there is neither
 */
public record FileIdentity(FileSystemIdentity fileSystem, long inode, long generation) {
    private static final long FNV_OFFSET = 0xCBF2_9CE4_8422_2325L;
    private static final long FNV_PRIME = 0x100_0000_01B3L;

    /** Asks the kernel, by three calls. {@code status}: of the open file. */
    public static FileIdentity of(Posix posix, OwnedFd file, FileStatus status) throws PosixException {
        return new FileIdentity(FileSystemIdentity.of(posix, file, status), status.inode(), generation(posix, file));
    }

    /** What tells users of one inode number apart, by one call as a rule. */
    public static long generation(Posix posix, OwnedFd file) throws PosixException {
        var generation = posix.identities().generation(file);
        if (generation.isPresent()) {
            return generation.getAsLong();
        }
        Optional<FileHandle> handle = posix.identities().handle(file);
        return handle.isPresent() ? hash(handle.get()) : 0;
    }

    /** FNV-1a. */
    private static long hash(FileHandle handle) {
        long hash = (FNV_OFFSET ^ handle.type()) * FNV_PRIME;
        for (byte b : handle.bytes()) {
            hash = (hash ^ b & 0xFF) * FNV_PRIME;
        }
        return hash;
    }
}
