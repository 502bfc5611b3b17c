// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.linux;

import static io.millrace.posix.libc.Check.checkErrno;
import static io.millrace.posix.libc.Check.checkInterrupted;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import io.millrace.posix.DirectAlignment;
import io.millrace.posix.Directory;
import io.millrace.posix.FileCalls.ResolveFlag;
import io.millrace.posix.FileCalls;
import io.millrace.posix.FileLock;
import io.millrace.posix.FileStatus;
import io.millrace.posix.FileSystemStatus;
import io.millrace.posix.libc.Abi;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Check;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.LibC;
import io.millrace.posix.libc.LibCOnDemand;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.StructMemory;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** {@link FileCalls} for Linux. Stateless; any thread. */
public final class LinuxFileCalls implements FileCalls {
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_EACCESS = 0x200;
    static final int AT_SYMLINK_FOLLOW = 0x400;
    public static final int AT_EMPTY_PATH = 0x1000;
    static final int STATX_BASIC_STATS = 0x7ff;
    public static final int STATX_DIOALIGN = 0x2000;
    static final long UTIME_OMIT = (1L << 30) - 2;
    // Size and offset of struct timespec.
    static final int TIMESPEC_BYTES = 16;
    static final int TIMESPEC_NANOS = 8;
    static final int X_OK = 1;
    static final int W_OK = 2;
    static final int RENAME_NOREPLACE = 1;
    static final int SEEK_SET = 0;
    static final int SEEK_CUR = 1;
    static final int SEEK_DATA = 3;
    static final int SEEK_HOLE = 4;
    // Size and offsets of struct open_how (linux/openat2.h).
    static final int OPEN_HOW_BYTES = 24;
    static final int OPEN_HOW_FLAGS = 0;
    static final int OPEN_HOW_MODE = 8;
    static final int OPEN_HOW_RESOLVE = 16;

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final byte[] NO_NAME = {0};

    /** The empty name in native memory, which is never written. */
    private static final StructMemory EMPTY_NAME = StructMemory.zeros(1);

    /** Size for any name that a directory can contain (NAME_MAX is 255), and its NUL. */
    private static final int NAME_BYTES = 256;

    private static final ThreadLocal<StructMemory> NAME = StructMemory.ofBytes(NAME_BYTES);
    private static final ThreadLocal<StructMemory> SCRATCH = StructMemory.ofBytes(FileStatus.STRUCT_BYTES);

    @Override
    public OwnedFd open(BytePath path, Set<OpenFlag> flags) throws PosixException {
        return create(path, flags, 0);
    }

    @Override
    public OwnedFd create(BytePath path, Set<OpenFlag> flags, int permissions) throws PosixException {
        try (var at = LongPath.reach(this::openat, path)) {
            return openat(at.directory(), at.name(), path, flags, permissions);
        }
    }

    @Override
    public OwnedFd openAt(OwnedFd directory, byte[] name, BytePath path, Set<OpenFlag> flags) throws PosixException {
        if (name.length >= NAME_BYTES) {
            return openat(directory.number(), nulTerminated(name), path, flags, 0);
        }
        StructMemory terminated = NAME.get();
        terminated.bytes().put(0, name).put(name.length, (byte) 0);
        long bits = OpenFlag.bits(flags);
        long fd;
        while ((fd = LibC.syscall(Abi.HERE.openat, directory.number(), terminated.address(), bits, 0L, 0L)) == -1) {
            checkInterrupted("open", path, null);
        }
        return OwnedFd.of((int) fd, path, flags);
    }

    @Override
    public OwnedFd createAt(OwnedFd directory, byte[] name, BytePath path, Set<OpenFlag> flags, int permissions)
            throws PosixException {
        return openat(directory.number(), nulTerminated(name), path, flags, permissions);
    }

    /** {@code name} ends in NUL. */
    OwnedFd openat(int directory, byte[] name, Object subject, Set<OpenFlag> flags, int permissions)
            throws PosixException {
        long bits = OpenFlag.bits(flags);
        int fd = checkErrno("open", subject, () -> LibC.syscall(Abi.HERE.openat, directory, name, bits, permissions));
        return OwnedFd.of(fd, subject, flags);
    }

    @Override
    public OwnedFd openAt2(OwnedFd directory, BytePath path, Set<OpenFlag> flags, Set<ResolveFlag> resolve)
            throws PosixException {
        return openAt2(directory, path.toBytes(), path, flags, resolve);
    }

    @Override
    public OwnedFd openAt2(OwnedFd directory, byte[] name, BytePath path, Set<OpenFlag> flags, Set<ResolveFlag> resolve)
            throws PosixException {
        Memory how = SCRATCH.get().memory();
        how.setLong(OPEN_HOW_FLAGS, OpenFlag.bits(flags));
        how.setLong(OPEN_HOW_MODE, 0);
        how.setLong(OPEN_HOW_RESOLVE, ResolveFlag.bits(resolve));
        byte[] terminated = nulTerminated(name);
        int fd = checkErrno(
                "openat2",
                path,
                () -> LibC.syscall(Abi.HERE.openat2, directory.number(), terminated, how, OPEN_HOW_BYTES));
        return OwnedFd.of(fd, path, flags);
    }

    @Override
    public FileStatus status(OwnedFd fd) throws PosixException {
        StructMemory result = SCRATCH.get();
        while (LibC.statx(fd.number(), EMPTY_NAME.address(), AT_EMPTY_PATH, STATX_BASIC_STATS, result.address())
                == -1) {
            checkInterrupted("statx", fd, null);
        }
        return FileStatus.read(result.bytes());
    }

    @Override
    public FileStatus status(BytePath path) throws PosixException {
        try (var at = LongPath.reach(this::openat, path)) {
            return statx(at.directory(), at.name(), 0, path);
        }
    }

    @Override
    public FileStatus statusAt(OwnedFd directory, byte[] name, BytePath path) throws PosixException {
        return statx(directory.number(), nulTerminated(name), AT_SYMLINK_NOFOLLOW, path);
    }

    private static FileStatus statx(int directory, byte[] name, int flags, Object subject) throws PosixException {
        StructMemory result = SCRATCH.get();
        checkErrno("statx", subject, () -> LibC.statx(directory, name, flags, STATX_BASIC_STATS, result.memory()));
        return FileStatus.read(result.bytes());
    }

    @Override
    public Optional<DirectAlignment> directAlignment(OwnedFd fd) throws PosixException {
        StructMemory result = SCRATCH.get();
        while (LibC.statx(fd.number(), EMPTY_NAME.address(), AT_EMPTY_PATH, STATX_DIOALIGN, result.address()) == -1) {
            checkInterrupted("statx", fd, null);
        }
        return DirectAlignment.read(result.bytes());
    }

    @Override
    public void setModified(OwnedFd fd, long nanos) throws PosixException {
        try (var times = new Memory(2 * TIMESPEC_BYTES)) {
            times.setLong(0, 0);
            times.setLong(TIMESPEC_NANOS, UTIME_OMIT);
            times.setLong(TIMESPEC_BYTES, Math.floorDiv(nanos, NANOS_PER_SECOND));
            times.setLong(TIMESPEC_BYTES + TIMESPEC_NANOS, Math.floorMod(nanos, NANOS_PER_SECOND));
            checkErrno("futimens", fd, () -> LibCOnDemand.futimens(fd.number(), times));
        }
    }

    @Override
    public byte[] readLink(OwnedFd link) throws PosixException {
        try (var target = new Memory(LongPath.PATH_MAX)) {
            int length = checkErrno(
                    "readlinkat", link, () -> LibC.readlinkat(link.number(), NO_NAME, target, LongPath.PATH_MAX));
            return target.getByteArray(0, length);
        }
    }

    @Override
    public Optional<byte[]> extendedAttribute(OwnedFd fd, String name) throws PosixException {
        byte[] path = fd.procPath().nulTerminated();
        byte[] attribute = nulTerminated(BytePath.encode(name));
        try {
            int size = checkErrno("getxattr", fd, () -> LibC.getxattr(path, attribute, null, 0));
            try (var value = new Memory(size + 1L)) { // one more, since a Memory of 0 bytes is not possible
                int length = checkErrno("getxattr", fd, () -> LibC.getxattr(path, attribute, value, size));
                return Optional.of(value.getByteArray(0, length));
            }
        } catch (PosixException e) {
            if (e.is(Errno.ENODATA) || e.is(Errno.EOPNOTSUPP)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public FileSystemStatus fileSystem(OwnedFd fd) throws PosixException {
        StructMemory result = SCRATCH.get();
        checkErrno("fstatfs", fd, () -> LibC.fstatfs(fd.number(), result.memory()));
        return FileSystemStatus.read(result.bytes());
    }

    @Override
    public boolean isOwnerOrCapable(OwnedFd fd) throws PosixException {
        if (fd.isNoAtime()) {
            return true; // open(2) checked it
        }
        int flags =
                checkErrno("F_GETFL", fd, () -> LibC.syscall(Abi.HERE.fcntl, fd.number(), LinuxIoCalls.F_GETFL, 0L));
        long wanted = flags | OpenFlag.NO_ATIME.bits;
        return flags == wanted
                || Check.succeeds(() -> LibC.syscall(Abi.HERE.fcntl, fd.number(), LinuxIoCalls.F_SETFL, wanted));
    }

    @Override
    public boolean isWritable(BytePath path) {
        return isAccessible(path, W_OK);
    }

    @Override
    public boolean isExecutable(BytePath path) {
        return isAccessible(path, X_OK);
    }

    private boolean isAccessible(BytePath path, int how) {
        try (var at = LongPath.reach(this::openat, path)) {
            if (Check.succeeds(() -> LibC.faccessat(at.directory(), at.name(), how, AT_EACCESS))) {
                return true;
            }
            // Seccomp filters older than faccessat2(2) (Docker before 20.10) return EPERM, and glibc has no fallback
            // for that. The older call checks the real user, who is the effective one under a JVM.
            return Native.getLastError() == Errno.EPERM.number()
                    && Check.succeeds(() -> LibC.syscall(Abi.HERE.faccessat, at.directory(), at.name(), how, 0));
        } catch (PosixException e) {
            return false; // an unreachable file cannot be used
        }
    }

    @Override
    public Directory list(OwnedFd directory, BytePath path) {
        return new Directory(directory, path);
    }

    @Override
    public void makeDirectory(BytePath path, int permissions) throws PosixException {
        try (var at = LongPath.reach(this::openat, path)) {
            checkErrno("mkdir", path, () -> LibC.mkdirat(at.directory(), at.name(), permissions));
        }
    }

    @Override
    public void fsync(OwnedFd fd) throws PosixException {
        checkErrno("fsync", fd, () -> LibC.fsync(fd.number()));
    }

    @Override
    public void fdatasync(OwnedFd fd) throws PosixException {
        checkErrno("fdatasync", fd, () -> LibC.fdatasync(fd.number()));
    }

    @Override
    public void truncate(OwnedFd fd, long lengthBytes) throws PosixException {
        checkErrno("ftruncate", fd, () -> LibC.ftruncate(fd.number(), lengthBytes));
    }

    @Override
    public void chmod(OwnedFd fd, int permissions) throws PosixException {
        checkErrno("fchmod", fd, () -> LibC.fchmod(fd.number(), permissions));
    }

    @Override
    public boolean tryLock(OwnedFd fd) throws PosixException {
        return FileLock.tryExclusive(fd);
    }

    @Override
    public boolean isLocked(OwnedFd fd) throws PosixException {
        return FileLock.isHeldElsewhere(fd);
    }

    @Override
    public void chown(OwnedFd fd, int user, int group) throws PosixException {
        checkErrno("fchown", fd, () -> LibC.fchown(fd.number(), user, group));
    }

    @Override
    public void linkFile(OwnedFd file, BytePath path) throws PosixException {
        try (var to = LongPath.reach(this::openat, path)) {
            linkFile(file, to.directory(), to.name(), path);
        }
    }

    @Override
    public void linkFileAt(OwnedFd file, OwnedFd directory, byte[] name, BytePath path) throws PosixException {
        linkFile(file, directory.number(), nulTerminated(name), path);
    }

    private static void linkFile(OwnedFd file, int directory, byte[] name, BytePath path) throws PosixException {
        byte[] from = file.procPath().nulTerminated();
        checkErrno("linkat", path, () -> LibC.linkat(LongPath.AT_FDCWD, from, directory, name, AT_SYMLINK_FOLLOW));
    }

    @Override
    public void renameNoReplace(BytePath from, BytePath to) throws PosixException {
        try (var source = LongPath.reach(this::openat, from);
                var target = LongPath.reach(this::openat, to)) {
            renameNoReplace(source.directory(), source.name(), target.directory(), target.name(), to);
        }
    }

    @Override
    public void renameNoReplaceAt(OwnedFd directory, byte[] from, byte[] to, BytePath path) throws PosixException {
        renameNoReplace(directory.number(), nulTerminated(from), directory.number(), nulTerminated(to), path);
    }

    @Override
    public void renameNoReplaceBetween(
            OwnedFd fromDirectory, byte[] from, OwnedFd toDirectory, byte[] to, BytePath path) throws PosixException {
        renameNoReplace(fromDirectory.number(), nulTerminated(from), toDirectory.number(), nulTerminated(to), path);
    }

    @Override
    public void rename(OwnedFd directory, byte[] from, byte[] to, BytePath path) throws PosixException {
        int at = directory.number();
        byte[] source = nulTerminated(from);
        byte[] target = nulTerminated(to);
        checkErrno("renameat", path, () -> LibC.renameat(at, source, at, target));
    }

    private static void renameNoReplace(int fromDirectory, byte[] from, int toDirectory, byte[] to, BytePath path)
            throws PosixException {
        checkErrno("renameat2", path, () -> LibC.renameat2(fromDirectory, from, toDirectory, to, RENAME_NOREPLACE));
    }

    @Override
    public void link(BytePath from, BytePath to) throws PosixException {
        try (var source = LongPath.reach(this::openat, from);
                var target = LongPath.reach(this::openat, to)) {
            link(source.directory(), source.name(), target.directory(), target.name(), to);
        }
    }

    @Override
    public void linkAt(OwnedFd directory, byte[] from, byte[] to, BytePath path) throws PosixException {
        link(directory.number(), nulTerminated(from), directory.number(), nulTerminated(to), path);
    }

    private static void link(int fromDirectory, byte[] from, int toDirectory, byte[] to, BytePath path)
            throws PosixException {
        checkErrno("linkat", path, () -> LibC.linkat(fromDirectory, from, toDirectory, to, 0));
    }

    @Override
    public void unlink(BytePath path) throws PosixException {
        try (var at = LongPath.reach(this::openat, path)) {
            unlink(at.directory(), at.name(), path);
        }
    }

    @Override
    public void unlinkAt(OwnedFd directory, byte[] name, BytePath path) throws PosixException {
        unlink(directory.number(), nulTerminated(name), path);
    }

    private static void unlink(int directory, byte[] name, BytePath path) throws PosixException {
        checkErrno("unlink", path, () -> LibC.unlinkat(directory, name, 0));
    }

    private static byte[] nulTerminated(byte[] name) {
        return Arrays.copyOf(name, name.length + 1);
    }

    @Override
    public OptionalLong seekData(OwnedFd fd, long offsetBytes) throws PosixException {
        return seek(fd, offsetBytes, SEEK_DATA);
    }

    @Override
    public OptionalLong seekHole(OwnedFd fd, long offsetBytes) throws PosixException {
        return seek(fd, offsetBytes, SEEK_HOLE);
    }

    @Override
    public long position(OwnedFd fd) throws PosixException {
        return checkErrno("lseek", fd, null, () -> LibC.lseek(fd.number(), 0, SEEK_CUR));
    }

    @Override
    public void setPosition(OwnedFd fd, long offsetBytes) throws PosixException {
        checkErrno("lseek", fd, new ByteRange(offsetBytes, 0), () -> LibC.lseek(fd.number(), offsetBytes, SEEK_SET));
    }

    private static OptionalLong seek(OwnedFd fd, long offsetBytes, int whence) throws PosixException {
        var from = new ByteRange(offsetBytes, 0);
        try {
            long found = checkErrno("lseek", fd, from, () -> LibC.lseek(fd.number(), offsetBytes, whence));
            // In the last page below 2^63 tmpfs rounds up and overflows (Linux 6.18): there is nothing beyond.
            return found < offsetBytes ? OptionalLong.empty() : OptionalLong.of(found);
        } catch (PosixException e) {
            if (e.is(Errno.ENXIO)) {
                return OptionalLong.empty();
            }
            throw e;
        }
    }
}
