// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** Calls that tell which file it is, beyond its name, its device number and its inode number, which others get after it. */
public interface IdentityCalls {
    /**
     * FS_IOC_GETFSUUID (Linux 6.9): the UUID of the file system, the same wherever it is mounted. Empty where the kernel or the
     * file system does not tell (ENOTTY: btrfs, tmpfs), or the file system has none.
     */
    Optional<UUID> fileSystemUuid(OwnedFd fd) throws PosixException;

    /**
     * {@code f_fsid} of fstatfs(2). Made of the file system's UUID on ext4 and, with the subvolume, on btrfs; of the device
     * number on xfs, where it changes with the device node; 0 where a file system has none.
     */
    long fileSystemNumber(OwnedFd fd) throws PosixException;

    /**
     * FS_IOC_GETVERSION: the generation of the inode, 32 bits, which differs when an inode number is used again (ext4, xfs,
     * btrfs). Empty where the file system has no such call (ENOTTY: tmpfs) or does not support it (EOPNOTSUPP).
     */
    OptionalLong generation(OwnedFd fd) throws PosixException;

    /**
     * name_to_handle_at(2) with AT_EMPTY_PATH: the handle by which a file server would find the inode again. Empty where the
     * file system has none (EOPNOTSUPP), or a system call filter forbids the call.
     */
    Optional<FileHandle> handle(OwnedFd fd) throws PosixException;

    /**
     * FS_IOC_MEASURE_VERITY (Linux 5.4): the root digest of a file that fs-verity protects. Empty of all others (ENODATA), and
     * where the file system does not have it (ENOTTY, EOPNOTSUPP).
     */
    Optional<VerityDigest> verityDigest(OwnedFd fd) throws PosixException;
}
