// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * System calls for names and for files as a whole. Every method throws {@link PosixException} with the errno of its
 * man page. Paths may be longer than PATH_MAX: they are then resolved in parts. Any thread.
 */
public interface FileCalls {
    /** Flags of openat2(2) that restrict path resolution (Linux 5.6). */
    enum ResolveFlag {
        NO_XDEV(0x01),
        NO_MAGICLINKS(0x02),
        NO_SYMLINKS(0x04),
        BENEATH(0x08),
        IN_ROOT(0x10);

        public final int bits;

        ResolveFlag(int bits) {
            this.bits = bits;
        }

        public static int bits(Set<ResolveFlag> ways) {
            int bits = 0;
            for (ResolveFlag way : ways) {
                bits |= way.bits;
            }
            return bits;
        }
    }

    /** openat(2) with AT_FDCWD, close-on-exec. The caller closes the result. */
    OwnedFd open(BytePath path, Set<OpenFlag> flags) throws PosixException;

    /** Like {@link #open(BytePath, Set)}, with permission bits for a file that is created (the umask applies). */
    OwnedFd create(BytePath path, Set<OpenFlag> flags, int permissions) throws PosixException;

    /**
     * openat(2): opens {@code name} in a directory, close-on-exec. The caller closes the result.
     *
     * @param path the name of the result in messages
     */
    OwnedFd openAt(OwnedFd directory, byte[] name, BytePath path, Set<OpenFlag> flags) throws PosixException;

    /** Like {@link #openAt}, with permission bits for a file that is created (the umask applies). */
    OwnedFd createAt(OwnedFd directory, byte[] name, BytePath path, Set<OpenFlag> flags, int permissions)
            throws PosixException;

    /**
     * openat2(2), Linux 5.6; ENOSYS on older kernels and under some seccomp filters (systemd's RestrictSUIDSGID).
     * EXDEV, ELOOP: the path violates {@code resolve}. ENAMETOOLONG beyond PATH_MAX, because the kernel must resolve
     * the whole path. The caller closes the result.
     */
    OwnedFd openAt2(OwnedFd directory, BytePath path, Set<OpenFlag> flags, Set<ResolveFlag> resolve)
            throws PosixException;

    /** Like {@link #openAt2(OwnedFd, BytePath, Set, Set)}; {@code path} is the name of the result in messages. */
    OwnedFd openAt2(OwnedFd directory, byte[] name, BytePath path, Set<OpenFlag> flags, Set<ResolveFlag> resolve)
            throws PosixException;

    /** statx(2) of an open file (Linux 4.11). */
    FileStatus status(OwnedFd fd) throws PosixException;

    /** statx(2) of a path; symbolic links are followed. */
    FileStatus status(BytePath path) throws PosixException;

    /** statx(2) of a path: whether there is anything, where symbolic links lead to; false for ENOENT only. */
    default boolean exists(BytePath path) throws PosixException {
        try {
            var unused = status(path);
            return true;
        } catch (PosixException e) {
            if (e.is(Errno.ENOENT)) {
                return false;
            }
            throw e;
        }
    }

    /** statx(2) of a name in a directory; a symbolic link is not followed. */
    FileStatus statusAt(OwnedFd directory, byte[] name, BytePath path) throws PosixException;

    /**
     * statx(2) with STATX_DIOALIGN (Linux 6.1): what reads with {@link OpenFlag#DIRECT} have to be multiples of. Empty where
     * the kernel or the file system (btrfs) does not tell.
     */
    Optional<DirectAlignment> directAlignment(OwnedFd fd) throws PosixException;

    /**
     * futimens(2) with UTIME_OMIT for the time of access. The time of the last change of status (ctime) becomes now. EPERM
     * unless the process owns the file or may act as its owner.
     *
     * @param nanos as {@link FileStatus#modifiedNanos()}, within the years 1678 to 2261, where that is exact
     */
    void setModified(OwnedFd fd, long nanos) throws PosixException;

    /** readlinkat(2) of a symbolic link that was opened with {@link OpenFlag#PATH} and {@link OpenFlag#NO_FOLLOW}. */
    byte[] readLink(OwnedFd link) throws PosixException;

    /**
     * getxattr(2) through /proc/self/fd, so that {@link OpenFlag#PATH} is sufficient. Empty if the file has no such
     * attribute (ENODATA) or its file system does not support it (EOPNOTSUPP).
     */
    Optional<byte[]> extendedAttribute(OwnedFd fd, String name) throws PosixException;

    /** fstatfs(2): the file system of an open file. */
    FileSystemStatus fileSystem(OwnedFd fd) throws PosixException;

    /**
     * Whether this process is the file's owner for the kernel, or may act as the owner (inode_owner_or_capable, with
     * the user namespace and an idmapped mount taken into account): the check of open(2) for O_NOATIME, and of
     * mincore(2) and cachestat(2). Already known for a file that was opened with O_NOATIME; otherwise checked by
     * fcntl(2) F_SETFL with O_NOATIME, which stays set if it is granted.
     */
    boolean isOwnerOrCapable(OwnedFd fd) throws PosixException;

    /** faccessat(2) with AT_EACCESS and W_OK: whether this process may write the file, by its name. */
    boolean isWritable(BytePath path);

    /** faccessat(2) with AT_EACCESS and X_OK: whether this process may execute the file, or search the directory. */
    boolean isExecutable(BytePath path);

    /** Returns a getdents64(2) stream over an open directory; takes ownership of the descriptor and closes it. */
    Directory list(OwnedFd directory, BytePath path);

    /** mkdirat(2) with AT_FDCWD: EEXIST if the name exists, whatever its type. The umask applies. */
    void makeDirectory(BytePath path, int permissions) throws PosixException;

    /** fsync(2). The first failure is final: a retry may succeed although the data is lost. */
    void fsync(OwnedFd fd) throws PosixException;

    /** fdatasync(2). The first failure is final, as for {@link #fsync}. */
    void fdatasync(OwnedFd fd) throws PosixException;

    /** ftruncate(2). Changes the length without reserving blocks. */
    void truncate(OwnedFd fd, long lengthBytes) throws PosixException;

    /** fchmod(2); the umask does not apply. */
    void chmod(OwnedFd fd, int permissions) throws PosixException;

    /**
     * fcntl(2) with F_OFD_SETLK and F_WRLCK: locks a whole file for this open file description (Linux 3.15). The lock
     * ends when the last descriptor of that is closed, at the latest when the process ends; opening and closing the
     * file elsewhere in this process does not affect it, unlike a lock of F_SETLK. The file must be open for writing,
     * else EBADF. ENOLCK if there are too many locks, or the file system does not support them.
     *
     * @return whether the lock was taken; false while another open file description, of this process too, holds one
     *     (EAGAIN, EACCES)
     */
    boolean tryLock(OwnedFd fd) throws PosixException;

    /**
     * fcntl(2) with F_OFD_GETLK: whether another open file description holds a lock that conflicts with
     * {@link #tryLock} (Linux 3.15). The file may be open for reading only.
     */
    boolean isLocked(OwnedFd fd) throws PosixException;

    /**
     * fchown(2). EPERM without CAP_CHOWN, unless only the group changes, to one of the process's own.
     *
     * @param user -1 leaves it unchanged
     * @param group -1 leaves it unchanged
     */
    void chown(OwnedFd fd, int user, int group) throws PosixException;

    /**
     * linkat(2) of an open O_TMPFILE file through /proc/self/fd. EEXIST if the name exists: it never replaces a file.
     */
    void linkFile(OwnedFd file, BytePath path) throws PosixException;

    /** Like {@link #linkFile}, under a name in a directory; {@code path} is its name in messages. */
    void linkFileAt(OwnedFd file, OwnedFd directory, byte[] name, BytePath path) throws PosixException;

    /**
     * renameat2(2) with RENAME_NOREPLACE (Linux 3.15): EEXIST if {@code to} exists, EINVAL if the file system does not
     * support it.
     */
    void renameNoReplace(BytePath from, BytePath to) throws PosixException;

    /** Like {@link #renameNoReplace}, within a directory; {@code path} is the name of the result in messages. */
    void renameNoReplaceAt(OwnedFd directory, byte[] from, byte[] to, BytePath path) throws PosixException;

    /**
     * Like {@link #renameNoReplace}, from one directory to another; {@code path} is the name of the result in
     * messages. EXDEV between two file systems, and between two mounts of one.
     */
    void renameNoReplaceBetween(OwnedFd fromDirectory, byte[] from, OwnedFd toDirectory, byte[] to, BytePath path)
            throws PosixException;

    /**
     * renameat(2) within a directory: replaces {@code to} atomically if it exists. {@code path} is the name of the
     * result in messages.
     */
    void rename(OwnedFd directory, byte[] from, byte[] to, BytePath path) throws PosixException;

    /** linkat(2) of a name: EEXIST if {@code to} exists. */
    void link(BytePath from, BytePath to) throws PosixException;

    /** Like {@link #link}, within a directory; {@code path} is the name of the result in messages. */
    void linkAt(OwnedFd directory, byte[] from, byte[] to, BytePath path) throws PosixException;

    /** unlinkat(2). */
    void unlink(BytePath path) throws PosixException;

    /** Like {@link #unlink}, for a name in a directory; {@code path} is its name in messages. */
    void unlinkAt(OwnedFd directory, byte[] name, BytePath path) throws PosixException;

    /**
     * lseek(2) with SEEK_DATA: the first offset at or after {@code offsetBytes} that holds data; empty if only a hole
     * follows. EINVAL if the file system does not support it.
     */
    OptionalLong seekData(OwnedFd fd, long offsetBytes) throws PosixException;

    /** lseek(2) with SEEK_HOLE: the first hole at or after {@code offsetBytes}; the end of the file is one. */
    OptionalLong seekHole(OwnedFd fd, long offsetBytes) throws PosixException;

    /** lseek(2) with SEEK_CUR: the file offset. ESPIPE for a pipe or socket. */
    long position(OwnedFd fd) throws PosixException;

    /** lseek(2) with SEEK_SET: sets the file offset, also for other processes that inherited the descriptor. */
    void setPosition(OwnedFd fd, long offsetBytes) throws PosixException;
}
