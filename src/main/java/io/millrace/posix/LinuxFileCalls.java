// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static io.millrace.posix.Check.checkErrno;
import static io.millrace.posix.Check.interrupted;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Set;

final class LinuxFileCalls implements FileCalls {
    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_EACCESS = 0x200;
    private static final int AT_SYMLINK_FOLLOW = 0x400;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int W_OK = 2;
    private static final int RENAME_NOREPLACE = 1;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int OPEN_HOW_BYTES = 24;

    private static final byte[] NO_NAME = {0};
    private static final ThreadLocal<Memory> SCRATCH =
            ThreadLocal.withInitial(() -> new Memory(FileStatus.STRUCT_BYTES));

    @Override
    public OwnedFd open(BytePath path, Set<OpenFlag> flags) throws PosixException {
        return create(path, flags, 0);
    }

    @Override
    public OwnedFd create(BytePath path, Set<OpenFlag> flags, int permissions) throws PosixException {
        try (var at = LongPath.reach(this, path)) {
            return openat(at.directory(), at.name(), path, flags, permissions);
        }
    }

    @Override
    public OwnedFd openAt(OwnedFd directory, byte[] name, BytePath path, Set<OpenFlag> flags) throws PosixException {
        return openat(directory.number(), Arrays.copyOf(name, name.length + 1), path, flags, 0);
    }

    /** {@code name} ends in NUL. */
    OwnedFd openat(int directory, byte[] name, Object subject, Set<OpenFlag> flags, int permissions)
            throws PosixException {
        long fd;
        do {
            fd = LibC.syscall(Abi.HERE.openat, directory, name, (long) OpenFlag.bits(flags), permissions);
        } while (interrupted(fd));
        return OwnedFd.of((int) checkErrno(fd, "open", subject, null), subject);
    }

    @Override
    public OwnedFd openAt2(OwnedFd directory, BytePath path, Set<OpenFlag> flags, Set<Resolve> resolve)
            throws PosixException {
        Memory how = SCRATCH.get();
        how.setLong(0, OpenFlag.bits(flags));
        how.setLong(8, 0);
        how.setLong(16, Resolve.bits(resolve));
        long fd;
        do {
            fd = LibC.syscall(Abi.HERE.openat2, directory.number(), path.nulTerminated(), how, OPEN_HOW_BYTES);
        } while (interrupted(fd));
        return OwnedFd.of((int) checkErrno(fd, "openat2", path, null), path);
    }

    @Override
    public FileStatus status(OwnedFd fd) throws PosixException {
        return statx(fd.number(), NO_NAME, AT_EMPTY_PATH, fd);
    }

    @Override
    public FileStatus status(BytePath path) throws PosixException {
        try (var at = LongPath.reach(this, path)) {
            return statx(at.directory(), at.name(), 0, path);
        }
    }

    @Override
    public FileStatus statusAt(OwnedFd directory, byte[] name, BytePath path) throws PosixException {
        return statx(directory.number(), Arrays.copyOf(name, name.length + 1), AT_SYMLINK_NOFOLLOW, path);
    }

    private static FileStatus statx(int directory, byte[] name, int flags, Object subject) throws PosixException {
        Memory result = SCRATCH.get();
        checkErrno(LibC.statx(directory, name, flags, STATX_BASIC_STATS, result), "statx", subject);
        return FileStatus.read(result);
    }

    @Override
    public FileSystemStatus fileSystem(OwnedFd fd) throws PosixException {
        Memory result = SCRATCH.get();
        int outcome;
        do {
            outcome = LibC.fstatfs(fd.number(), result);
        } while (interrupted(outcome));
        checkErrno(outcome, "fstatfs", fd);
        return FileSystemStatus.read(result);
    }

    @Override
    public boolean isWritable(BytePath path) {
        return LibC.faccessat(AT_FDCWD, path.nulTerminated(), W_OK, AT_EACCESS) == 0;
    }

    @Override
    public Directory list(OwnedFd directory, BytePath path) {
        return new Directory(directory, path);
    }

    @Override
    public void fsync(OwnedFd fd) throws PosixException {
        int outcome;
        do {
            outcome = LibC.fsync(fd.number());
        } while (interrupted(outcome));
        checkErrno(outcome, "fsync", fd);
    }

    @Override
    public void fdatasync(OwnedFd fd) throws PosixException {
        int outcome;
        do {
            outcome = LibC.fdatasync(fd.number());
        } while (interrupted(outcome));
        checkErrno(outcome, "fdatasync", fd);
    }

    @Override
    public void truncate(OwnedFd fd, long lengthBytes) throws PosixException {
        int outcome;
        do {
            outcome = LibC.ftruncate(fd.number(), lengthBytes);
        } while (interrupted(outcome));
        checkErrno(outcome, "ftruncate", fd);
    }

    @Override
    public void chmod(OwnedFd fd, int permissions) throws PosixException {
        checkErrno(LibC.fchmod(fd.number(), permissions), "fchmod", fd);
    }

    @Override
    public void linkFile(OwnedFd file, BytePath path) throws PosixException {
        byte[] from = file.procPath().nulTerminated();
        try (var to = LongPath.reach(this, path)) {
            checkErrno(
                    LibC.linkat(AT_FDCWD, from, to.directory(), to.name(), AT_SYMLINK_FOLLOW),
                    "linkat",
                    path);
        }
    }

    @Override
    public void renameNoReplace(BytePath from, BytePath to) throws PosixException {
        try (var source = LongPath.reach(this, from);
                var target = LongPath.reach(this, to)) {
            checkErrno(
                    LibC.renameat2(
                            source.directory(), source.name(), target.directory(), target.name(), RENAME_NOREPLACE),
                    "renameat2",
                    to);
        }
    }

    @Override
    public void link(BytePath from, BytePath to) throws PosixException {
        try (var source = LongPath.reach(this, from);
                var target = LongPath.reach(this, to)) {
            checkErrno(
                    LibC.linkat(source.directory(), source.name(), target.directory(), target.name(), 0),
                    "linkat",
                    to);
        }
    }

    @Override
    public void unlink(BytePath path) throws PosixException {
        try (var at = LongPath.reach(this, path)) {
            checkErrno(LibC.unlinkat(at.directory(), at.name(), 0), "unlink", path);
        }
    }

    @Override
    public OptionalLong seekData(OwnedFd fd, long offsetBytes) throws PosixException {
        return seek(fd, offsetBytes, SEEK_DATA);
    }

    @Override
    public OptionalLong seekHole(OwnedFd fd, long offsetBytes) throws PosixException {
        return seek(fd, offsetBytes, SEEK_HOLE);
    }

    private static OptionalLong seek(OwnedFd fd, long offsetBytes, int whence) throws PosixException {
        long found = LibC.lseek(fd.number(), offsetBytes, whence);
        if (found == -1 && Native.getLastError() == Errno.ENXIO.number()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(checkErrno(found, "lseek", fd, new ByteRange(offsetBytes, 0)));
    }
}
