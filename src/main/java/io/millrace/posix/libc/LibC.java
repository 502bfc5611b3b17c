// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The C library by its own names and types, bound once by JNA direct mapping. Nothing here interprets a result.
 * Stateless; any thread.
 *
 * <p>Variadic functions (open, fcntl, ioctl) are not bound: direct mapping passes arguments as to a function with a
 * fixed list. They are called through syscall(2), which in glibc is an assembly stub that takes its arguments in
 * registers whatever its prototype says, on x86-64 and aarch64 alike.
 *
 * <p>Calls that are made for every file or transfer take addresses as {@code long}: JNA then passes plain words, and
 * neither inspects a Java object nor copies an array to native memory and back, which costs more than the system call.
 */
public final class LibC {
    static {
        // Binds what the process itself is linked to, so that LD_PRELOAD works as in any other program. The class is
        // passed explicitly, since JNA would otherwise determine it by a SecurityManager, whose class is slow to load.
        Native.register(LibC.class, NativeLibrary.getProcess());
    }

    private LibC() {}

    public static native int close(int fd);

    public static native long read(int fd, long buffer, long count);

    public static native long write(int fd, long buffer, long count);

    public static native long pread(int fd, long buffer, long count, long offset);

    public static native long pwrite(int fd, Pointer buffer, long count, long offset);

    public static native long preadv2(int fd, long iovec, int iovcnt, long offset, int flags);

    public static native long lseek(int fd, long offset, int whence);

    public static native int posix_fallocate(int fd, long offset, long length);

    public static native int fallocate(int fd, int mode, long offset, long length);

    public static native int posix_fadvise(int fd, long offset, long length, int advice);

    public static native Pointer mmap(
            @Nullable Pointer address, long length, int protection, int flags, int fd, long offset);

    public static native int munmap(Pointer address, long length);

    public static native int mincore(Pointer address, long length, Pointer vector);

    public static native int statx(int dirfd, byte[] path, int flags, int mask, Pointer result);

    public static native int statx(int dirfd, long path, int flags, int mask, long result);

    public static native int fstatfs(int fd, Pointer result);

    public static native long getxattr(byte[] path, byte[] name, @Nullable Pointer value, long size);

    public static native long readlinkat(int dirfd, byte[] path, Pointer buffer, long size);

    public static native int fsync(int fd);

    public static native int fdatasync(int fd);

    public static native int ftruncate(int fd, long length);

    public static native int fchmod(int fd, int mode);

    public static native int fchown(int fd, int user, int group);

    public static native int faccessat(int dirfd, byte[] path, int mode, int flags);

    public static native int linkat(int fromDirfd, byte[] from, int toDirfd, byte[] to, int flags);

    public static native int renameat2(int fromDirfd, byte[] from, int toDirfd, byte[] to, int flags);

    public static native int renameat(int fromDirfd, byte[] from, int toDirfd, byte[] to);

    public static native int mkdirat(int dirfd, byte[] path, int mode);

    public static native int unlinkat(int dirfd, byte[] path, int flags);

    public static native long getdents64(int fd, long buffer, long count);

    public static native int pipe2(int[] fds, int flags);

    public static native long splice(int in, long inOffset, int out, long outOffset, long length, int flags);

    public static native long tee(int in, int out, long length, int flags);

    public static native long vmsplice(int fd, long iovec, long segments, int flags);

    public static native int inotify_init1(int flags);

    public static native int inotify_add_watch(int fd, byte[] path, int mask);

    public static native int poll(long fds, long count, int timeout);

    public static native int posix_openpt(int flags);

    public static native int grantpt(int fd);

    public static native int unlockpt(int fd);

    public static native int ptsname_r(int fd, Pointer buffer, long size);

    public static native int posix_spawn(
            Pointer pid, byte[] path, Pointer fileActions, Pointer attributes, Pointer argv, Pointer envp);

    public static native int posix_spawn_file_actions_init(Pointer actions);

    public static native int posix_spawn_file_actions_destroy(Pointer actions);

    public static native int posix_spawn_file_actions_adddup2(Pointer actions, int from, int to);

    public static native int posix_spawn_file_actions_addopen(
            Pointer actions, int fd, byte[] path, int flags, int mode);

    public static native int posix_spawn_file_actions_addchdir_np(Pointer actions, byte[] path);

    public static native int posix_spawn_file_actions_addclosefrom_np(Pointer actions, int first);

    public static native int posix_spawnattr_init(Pointer attributes);

    public static native int posix_spawnattr_destroy(Pointer attributes);

    public static native int posix_spawnattr_setflags(Pointer attributes, short flags);

    public static native int posix_spawnattr_setpgroup(Pointer attributes, int group);

    public static native int posix_spawnattr_setsigmask(Pointer attributes, Pointer signals);

    public static native int posix_spawnattr_setsigdefault(Pointer attributes, Pointer signals);

    public static native int waitid(int kind, int id, Pointer info, int options);

    public static native int waitpid(int pid, @Nullable Pointer status, int options);

    public static native int kill(int pid, int signal);

    public static native int setpriority(int which, int who, int priority);

    public static native @Nullable Pointer getcwd(Pointer buffer, long size);

    public static native int getpwnam_r(byte[] name, Pointer entry, Pointer buffer, long size, Pointer result);

    public static native int getgrnam_r(byte[] name, Pointer entry, Pointer buffer, long size, Pointer result);

    public static native int socket(int domain, int type, int protocol);

    public static native long sendto(int fd, byte[] message, long length, int flags, byte[] address, int addressLength);

    public static native int geteuid();

    public static native int getegid();

    public static native int getpagesize();

    // The overloads of syscall(2) in use: the number, then up to six words.

    public static native long syscall(long number, long a, byte[] b, long c, long d);

    public static native long syscall(long number, long a, byte[] b, Pointer c, long d);

    public static native long syscall(long number, long a, long b, long c);

    public static native long syscall(long number, long a, long b, Pointer c);

    public static native long syscall(long number, long a, long b, long c, long d, long e);

    public static native long syscall(long number, long a, long b, long c, long d, long e, long f);
}
