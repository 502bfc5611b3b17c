// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The C library by its own names and types, bound once by JNA direct mapping. Nothing here interprets a result.
 *
 * <p>Variadic functions (open, fcntl, ioctl) are not bound: direct mapping passes arguments as to a function with a
 * fixed list. They go through syscall(2), which in glibc is an assembly stub that takes its arguments in registers
 * whatever its prototype says, on x86-64 and aarch64 alike.
 *
 * <p>The calls that are made for every file take addresses as {@code long}: JNA then passes plain words, and neither looks
 * into a Java object nor copies an array there and back, which costs more than the system call.
 */
final class LibC {
    static {
        // What the process itself is linked to, so that a library in LD_PRELOAD is heard as in any other program.
        Native.register(NativeLibrary.getProcess());
    }

    private LibC() {}

    static native int close(int fd);

    static native long read(int fd, Pointer buffer, long count);

    static native long write(int fd, Pointer buffer, long count);

    static native long pread(int fd, long buffer, long count, long offset);

    static native long pwrite(int fd, Pointer buffer, long count, long offset);

    static native long preadv2(int fd, long iovec, int iovcnt, long offset, int flags);

    static native long lseek(int fd, long offset, int whence);

    static native int posix_fallocate(int fd, long offset, long length);

    static native int fallocate(int fd, int mode, long offset, long length);

    static native int posix_fadvise(int fd, long offset, long length, int advice);

    static native Pointer mmap(@Nullable Pointer address, long length, int protection, int flags, int fd, long offset);

    static native int munmap(Pointer address, long length);

    static native int mincore(Pointer address, long length, Pointer vector);

    static native int statx(int dirfd, byte[] path, int flags, int mask, Pointer result);

    static native int statx(int dirfd, long path, int flags, int mask, long result);

    static native int fstatfs(int fd, Pointer result);

    static native long getxattr(byte[] path, byte[] name, @Nullable Pointer value, long size);

    static native long readlinkat(int dirfd, byte[] path, Pointer buffer, long size);

    static native int fsync(int fd);

    static native int fdatasync(int fd);

    static native int ftruncate(int fd, long length);

    static native int fchmod(int fd, int mode);

    static native int fchown(int fd, int user, int group);

    static native int faccessat(int dirfd, byte[] path, int mode, int flags);

    static native int linkat(int fromDirfd, byte[] from, int toDirfd, byte[] to, int flags);

    static native int renameat2(int fromDirfd, byte[] from, int toDirfd, byte[] to, int flags);

    static native int renameat(int fromDirfd, byte[] from, int toDirfd, byte[] to);

    static native int mkdirat(int dirfd, byte[] path, int mode);

    static native int unlinkat(int dirfd, byte[] path, int flags);

    static native long getdents64(int fd, long buffer, long count);

    static native int pipe2(int[] fds, int flags);

    static native long splice(
            int in, @Nullable Pointer inOffset, int out, @Nullable Pointer outOffset, long length, int flags);

    static native long tee(int in, int out, long length, int flags);

    static native long vmsplice(int fd, long iovec, long segments, int flags);

    static native int inotify_init1(int flags);

    static native int inotify_add_watch(int fd, byte[] path, int mask);

    static native int poll(Pointer fds, long count, int timeout);

    static native int posix_openpt(int flags);

    static native int grantpt(int fd);

    static native int unlockpt(int fd);

    static native int ptsname_r(int fd, Pointer buffer, long size);

    static native int posix_spawn(
            Pointer pid, byte[] path, Pointer fileActions, Pointer attributes, Pointer argv, Pointer envp);

    static native int posix_spawn_file_actions_init(Pointer actions);

    static native int posix_spawn_file_actions_destroy(Pointer actions);

    static native int posix_spawn_file_actions_adddup2(Pointer actions, int from, int to);

    static native int posix_spawn_file_actions_addopen(Pointer actions, int fd, byte[] path, int flags, int mode);

    static native int posix_spawn_file_actions_addchdir_np(Pointer actions, byte[] path);

    static native int posix_spawn_file_actions_addclosefrom_np(Pointer actions, int first);

    static native int posix_spawnattr_init(Pointer attributes);

    static native int posix_spawnattr_destroy(Pointer attributes);

    static native int posix_spawnattr_setflags(Pointer attributes, short flags);

    static native int posix_spawnattr_setpgroup(Pointer attributes, int group);

    static native int posix_spawnattr_setsigmask(Pointer attributes, Pointer signals);

    static native int posix_spawnattr_setsigdefault(Pointer attributes, Pointer signals);

    static native int waitid(int kind, int id, Pointer info, int options);

    static native int waitpid(int pid, @Nullable Pointer status, int options);

    static native int kill(int pid, int signal);

    static native int setpriority(int which, int who, int priority);

    static native @Nullable Pointer getcwd(Pointer buffer, long size);

    static native int getpwnam_r(byte[] name, Pointer entry, Pointer buffer, long size, Pointer result);

    static native int getgrnam_r(byte[] name, Pointer entry, Pointer buffer, long size, Pointer result);

    static native int socket(int domain, int type, int protocol);

    static native long sendto(int fd, byte[] message, long length, int flags, byte[] address, int addressLength);

    static native int geteuid();

    static native int getegid();

    static native int getpagesize();

    // The shapes of syscall(2) in use: number, then up to six words.

    static native long syscall(long number, long a, byte[] b, long c, long d);

    static native long syscall(long number, long a, byte[] b, Pointer c, long d);

    static native long syscall(long number, long a, long b, long c);

    static native long syscall(long number, long a, long b, Pointer c);

    static native long syscall(long number, long a, long b, long c, long d, long e);
}
