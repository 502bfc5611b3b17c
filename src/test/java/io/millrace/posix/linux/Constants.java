// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.linux;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.millrace.files.AccessControlList;
import io.millrace.posix.AccountDatabase;
import io.millrace.posix.CacheStat;
import io.millrace.posix.DirectAlignment;
import io.millrace.posix.Directory;
import io.millrace.posix.ExitStatus;
import io.millrace.posix.Extent;
import io.millrace.posix.FileCalls.ResolveFlag;
import io.millrace.posix.FileHandle;
import io.millrace.posix.FileLock;
import io.millrace.posix.FileStatus;
import io.millrace.posix.FileSystemStatus;
import io.millrace.posix.FileType;
import io.millrace.posix.InotifyEvent.Change;
import io.millrace.posix.InotifyEvent;
import io.millrace.posix.IoCalls;
import io.millrace.posix.IoPriority.IoClass;
import io.millrace.posix.IoPriority;
import io.millrace.posix.PageCalls.Advice;
import io.millrace.posix.PipeCalls.PipeFlag;
import io.millrace.posix.PipeCalls.SpliceFlag;
import io.millrace.posix.Poll;
import io.millrace.posix.ProcessSignal;
import io.millrace.posix.SpaceCalls.FallocateMode;
import io.millrace.posix.ThreadUsage;
import io.millrace.posix.VerityDigest;
import io.millrace.posix.libc.Abi;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The numbers of this package, as assertions in C: what {@link ConstantsIT} has compiled against the headers. */
public final class Constants {
    private final List<String> lines = new ArrayList<>();

    public static String source(Abi abi) {
        var all = new Constants();
        all.systemCalls(abi);
        all.openFlags(abi);
        all.files();
        all.space();
        all.identities();
        all.pagesAndIo();
        all.pipes(abi);
        all.watches();
        all.terminals();
        all.children();
        all.priorities();
        all.locksAndSockets();
        all.accounts();
        Arrays.stream(Errno.values())
                .filter(errno -> errno != Errno.UNKNOWN)
                .forEach(errno -> all.expect(errno.name(), errno.number()));
        return all.source();
    }

    @CanIgnoreReturnValue
    public Constants expect(String expression, long value) {
        lines.add("_Static_assert((long long) (%s) == %dLL, \"%s is not %d\");"
                .formatted(expression, value, expression, value));
        return this;
    }

    /** For what the headers may be too old to know; the tests that make the call know it anyway. */
    private void expectIfKnown(String macro, String expression, long value) {
        lines.add("#ifdef " + macro);
        expect(expression, value);
        lines.add("#endif");
    }

    @CanIgnoreReturnValue
    private Constants offset(String struct, String member, long value) {
        return expect("offsetof(struct " + struct + ", " + member + ")", value);
    }

    @CanIgnoreReturnValue
    private Constants size(String struct, long value) {
        return expect("sizeof(struct " + struct + ")", value);
    }

    public String source() {
        String headers = """
                stddef fcntl errno dirent poll stdio unistd signal spawn sys/syscall sys/stat sys/statfs sys/uio sys/mman \
                sys/ioctl sys/inotify sys/wait sys/resource sys/socket sys/un pwd grp asm/termbits linux/fs linux/fiemap linux/falloc linux/openat2 linux/ioprio linux/prctl linux/posix_acl linux/posix_acl_xattr linux/fsverity linux/futex""";
        return Arrays.stream(headers.split(" "))
                .map(header -> "#include <" + header + ".h>\n")
                .collect(Collectors.joining("", "", String.join("\n", lines) + "\n"));
    }

    private void systemCalls(Abi abi) {
        expect("SYS_openat", abi.openat);
        expect("SYS_openat2", abi.openat2);
        expect("SYS_fcntl", abi.fcntl);
        expect("SYS_ioctl", abi.ioctl);
        expect("SYS_ioprio_set", abi.ioprioSet);
        expect("SYS_prctl", abi.prctl);
        expect("SYS_pidfd_open", abi.pidfdOpen);
        expect("SYS_faccessat", abi.faccessat);
        expect("SYS_futex", abi.futex);
        expectIfKnown("SYS_cachestat", "SYS_cachestat", abi.cachestat);
    }

    private void openFlags(Abi abi) {
        expect("O_DIRECT", abi.oDirect);
        expect("O_DIRECTORY", abi.oDirectory);
        expect("O_NOFOLLOW", abi.oNofollow);
        expect("O_TMPFILE", abi.oTmpfile);
        expect("O_RDONLY", OpenFlag.READ_ONLY.bits);
        expect("O_WRONLY", OpenFlag.WRITE_ONLY.bits);
        expect("O_RDWR", OpenFlag.READ_WRITE.bits);
        expect("O_CREAT", OpenFlag.CREATE.bits);
        expect("O_EXCL", OpenFlag.EXCLUSIVE.bits);
        expect("O_NOCTTY", OpenFlag.NO_CONTROLLING_TERMINAL.bits);
        expect("O_TRUNC", OpenFlag.TRUNCATE.bits);
        expect("O_APPEND", OpenFlag.APPEND.bits);
        expect("O_NONBLOCK", OpenFlag.NONBLOCK.bits);
        expect("O_NOATIME", OpenFlag.NO_ATIME.bits);
        expect("O_PATH", OpenFlag.PATH.bits);
        expect("O_CLOEXEC", OpenFlag.O_CLOEXEC);
        expect("RESOLVE_NO_XDEV", ResolveFlag.NO_XDEV.bits);
        expect("RESOLVE_NO_MAGICLINKS", ResolveFlag.NO_MAGICLINKS.bits);
        expect("RESOLVE_NO_SYMLINKS", ResolveFlag.NO_SYMLINKS.bits);
        expect("RESOLVE_BENEATH", ResolveFlag.BENEATH.bits);
        expect("RESOLVE_IN_ROOT", ResolveFlag.IN_ROOT.bits);
        size("open_how", LinuxFileCalls.OPEN_HOW_BYTES);
        offset("open_how", "flags", LinuxFileCalls.OPEN_HOW_FLAGS);
        offset("open_how", "mode", LinuxFileCalls.OPEN_HOW_MODE);
        offset("open_how", "resolve", LinuxFileCalls.OPEN_HOW_RESOLVE);
    }

    private void files() {
        expect("AT_FDCWD", LongPath.AT_FDCWD);
        expect("AT_SYMLINK_NOFOLLOW", LinuxFileCalls.AT_SYMLINK_NOFOLLOW);
        expect("AT_EACCESS", LinuxFileCalls.AT_EACCESS);
        expect("AT_SYMLINK_FOLLOW", LinuxFileCalls.AT_SYMLINK_FOLLOW);
        expect("AT_EMPTY_PATH", LinuxFileCalls.AT_EMPTY_PATH);
        expect("W_OK", LinuxFileCalls.W_OK).expect("X_OK", LinuxFileCalls.X_OK);
        expect("RENAME_NOREPLACE", LinuxFileCalls.RENAME_NOREPLACE);
        expect("SEEK_SET", LinuxFileCalls.SEEK_SET).expect("SEEK_CUR", LinuxFileCalls.SEEK_CUR);
        expect("SEEK_DATA", LinuxFileCalls.SEEK_DATA).expect("SEEK_HOLE", LinuxFileCalls.SEEK_HOLE);
        expect("PATH_MAX", LongPath.PATH_MAX);
        type("S_IFIFO", "DT_FIFO", FileType.FIFO);
        type("S_IFCHR", "DT_CHR", FileType.CHARACTER_DEVICE);
        type("S_IFDIR", "DT_DIR", FileType.DIRECTORY);
        type("S_IFBLK", "DT_BLK", FileType.BLOCK_DEVICE);
        type("S_IFREG", "DT_REG", FileType.REGULAR);
        type("S_IFLNK", "DT_LNK", FileType.SYMLINK);
        type("S_IFSOCK", "DT_SOCK", FileType.SOCKET);
        offset("dirent", "d_ino", Directory.INODE).offset("dirent", "d_reclen", Directory.LENGTH);
        offset("dirent", "d_type", Directory.TYPE).offset("dirent", "d_name", Directory.NAME);
        status();
        accessControlLists();
    }

    private void accessControlLists() {
        expect("POSIX_ACL_XATTR_VERSION", AccessControlList.VERSION);
        size("posix_acl_xattr_header", AccessControlList.HEADER_BYTES);
        size("posix_acl_xattr_entry", AccessControlList.ENTRY_BYTES);
        offset("posix_acl_xattr_header", "a_version", 0).offset("posix_acl_xattr_entry", "e_tag", 0);
        offset("posix_acl_xattr_entry", "e_perm", AccessControlList.ENTRY_PERMISSIONS);
        offset("posix_acl_xattr_entry", "e_id", AccessControlList.ENTRY_ID);
        expect("ACL_USER", AccessControlList.ACL_USER).expect("ACL_GROUP_OBJ", AccessControlList.ACL_GROUP_OBJ);
        expect("ACL_GROUP", AccessControlList.ACL_GROUP).expect("ACL_MASK", AccessControlList.ACL_MASK);
        expect("ACL_OTHER", AccessControlList.ACL_OTHER).expect("ACL_READ", 4);
        expect("ACL_WRITE", 2).expect("ACL_EXECUTE", 1);
    }

    private void type(String mode, String entry, FileType type) {
        expect(mode + " >> 12", type.number).expect(entry, type.number);
    }

    private void status() {
        expect("STATX_BASIC_STATS", LinuxFileCalls.STATX_BASIC_STATS);
        expect("STATX_DIOALIGN", LinuxFileCalls.STATX_DIOALIGN);
        size("statx", FileStatus.STRUCT_BYTES).offset("statx", "stx_mask", DirectAlignment.MASK);
        offset("statx", "stx_dio_mem_align", DirectAlignment.MEMORY);
        offset("statx", "stx_dio_offset_align", DirectAlignment.OFFSET);
        size("timespec", LinuxFileCalls.TIMESPEC_BYTES);
        offset("timespec", "tv_sec", 0).offset("timespec", "tv_nsec", LinuxFileCalls.TIMESPEC_NANOS);
        expect("UTIME_OMIT", LinuxFileCalls.UTIME_OMIT);
        offset("statx", "stx_nlink", FileStatus.LINKS).offset("statx", "stx_uid", FileStatus.UID);
        offset("statx", "stx_gid", FileStatus.GID).offset("statx", "stx_mode", FileStatus.MODE);
        offset("statx", "stx_ino", FileStatus.INODE).offset("statx", "stx_size", FileStatus.SIZE);
        offset("statx", "stx_blocks", FileStatus.BLOCKS);
        offset("statx", "stx_ctime", FileStatus.CHANGED).offset("statx", "stx_mtime", FileStatus.MODIFIED);
        offset("statx", "stx_mtime.tv_nsec", FileStatus.MODIFIED + FileStatus.NANOS);
        offset("statx", "stx_dev_major", FileStatus.MAJOR).offset("statx", "stx_dev_minor", FileStatus.MINOR);
        size("statfs", FileSystemStatus.STRUCT_BYTES);
        offset("statfs", "f_type", FileSystemStatus.TYPE).offset("statfs", "f_bsize", FileSystemStatus.BLOCK);
        offset("statfs", "f_blocks", FileSystemStatus.TOTAL).offset("statfs", "f_bfree", FileSystemStatus.FREE);
        offset("statfs", "f_bavail", FileSystemStatus.AVAILABLE).offset("statfs", "f_files", FileSystemStatus.INODES);
        offset("statfs", "f_ffree", FileSystemStatus.FREE_INODES);
        offset("statfs", "f_frsize", FileSystemStatus.FRAGMENT);
    }

    private void space() {
        expect("0", FallocateMode.RESERVE.bits);
        expect("FALLOC_FL_KEEP_SIZE", FallocateMode.RESERVE_KEEP_SIZE.bits);
        expect("FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE", FallocateMode.PUNCH_HOLE.bits);
        expect("FALLOC_FL_ZERO_RANGE", FallocateMode.ZERO.bits);
        expect("FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE", FallocateMode.ZERO_KEEP_SIZE.bits);
        expect("FS_IOC_FIEMAP", LinuxSpaceCalls.FS_IOC_FIEMAP);
        expect("FS_IOC_GETFLAGS", LinuxSpaceCalls.FS_IOC_GETFLAGS);
        expect("FS_NOCOW_FL", LinuxSpaceCalls.FS_NOCOW_FL);
        expect("FIEMAP_FLAG_SYNC", LinuxSpaceCalls.FIEMAP_FLAG_SYNC);
        expect("FIEMAP_EXTENT_LAST", Extent.LAST).expect("FIEMAP_EXTENT_UNWRITTEN", Extent.UNWRITTEN);
        expect("FIEMAP_EXTENT_SHARED", Extent.SHARED).expect("FIEMAP_EXTENT_UNKNOWN", Extent.UNKNOWN);
        expect("FIEMAP_EXTENT_DELALLOC", Extent.DELALLOC).expect("FIEMAP_EXTENT_ENCODED", Extent.ENCODED);
        expect("FIEMAP_EXTENT_DATA_ENCRYPTED", Extent.DATA_ENCRYPTED);
        expect("FIEMAP_EXTENT_NOT_ALIGNED", Extent.NOT_ALIGNED);
        expect("FIEMAP_EXTENT_DATA_INLINE", Extent.DATA_INLINE).expect("FIEMAP_EXTENT_DATA_TAIL", Extent.DATA_TAIL);
        size("fiemap", LinuxSpaceCalls.FIEMAP_HEADER_BYTES);
        offset("fiemap", "fm_start", LinuxSpaceCalls.FIEMAP_START);
        offset("fiemap", "fm_length", LinuxSpaceCalls.FIEMAP_LENGTH);
        offset("fiemap", "fm_flags", LinuxSpaceCalls.FIEMAP_FLAGS);
        offset("fiemap", "fm_mapped_extents", LinuxSpaceCalls.FIEMAP_MAPPED);
        offset("fiemap", "fm_extent_count", LinuxSpaceCalls.FIEMAP_ROOM);
        size("fiemap_extent", Extent.STRUCT_BYTES).offset("fiemap_extent", "fe_logical", Extent.LOGICAL);
        offset("fiemap_extent", "fe_physical", Extent.PHYSICAL);
        offset("fiemap_extent", "fe_length", Extent.LENGTH).offset("fiemap_extent", "fe_flags", Extent.FLAGS);
    }

    private void identities() {
        lines.add("#ifdef FS_IOC_GETFSUUID");
        expect("FS_IOC_GETFSUUID", LinuxIdentityCalls.FS_IOC_GETFSUUID);
        size("fsuuid2", LinuxIdentityCalls.FSUUID_BYTES);
        offset("fsuuid2", "len", LinuxIdentityCalls.FSUUID_LENGTH);
        offset("fsuuid2", "uuid", LinuxIdentityCalls.FSUUID_UUID);
        lines.add("#else");
        // As linux/fs.h has it since 6.9.
        expect("_IOR(0x15, 0, char[17])", LinuxIdentityCalls.FS_IOC_GETFSUUID);
        lines.add("#endif");
        expect("FS_IOC_GETVERSION", LinuxIdentityCalls.FS_IOC_GETVERSION);
        offset("statfs", "f_fsid", LinuxIdentityCalls.FSID);
        expect("FS_IOC_MEASURE_VERITY", LinuxIdentityCalls.FS_IOC_MEASURE_VERITY);
        size("fsverity_digest", VerityDigest.HEADER_BYTES);
        offset("fsverity_digest", "digest_algorithm", VerityDigest.ALGORITHM);
        offset("fsverity_digest", "digest_size", VerityDigest.LENGTH);
        expect("FS_VERITY_HASH_ALG_SHA256", VerityDigest.SHA256);
        expect("FS_VERITY_HASH_ALG_SHA512", VerityDigest.SHA512);
        size("file_handle", FileHandle.HEADER_BYTES);
        offset("file_handle", "handle_bytes", FileHandle.LENGTH).offset("file_handle", "handle_type", FileHandle.TYPE);
        expect("MAX_HANDLE_SZ", FileHandle.MAX_BYTES);
        expect("RUSAGE_THREAD", LinuxProcessCalls.RUSAGE_THREAD);
        size("rusage", ThreadUsage.STRUCT_BYTES).offset("rusage", "ru_inblock", ThreadUsage.INPUT_BLOCKS);
        expect("PROT_WRITE", LinuxPageCalls.PROT_WRITE).expect("MS_SYNC", LinuxPageCalls.MS_SYNC);
        expect("FUTEX_WAKE_OP | FUTEX_PRIVATE_FLAG", LinuxPageCalls.FUTEX_WAKE_OP_PRIVATE);
        expect("FUTEX_OP(FUTEX_OP_ADD, 0, FUTEX_OP_CMP_EQ, 0)", LinuxPageCalls.FUTEX_OP_ADD_ZERO);
    }

    private void pagesAndIo() {
        for (Advice advice : Advice.values()) {
            expect("POSIX_FADV_" + advice, advice.number);
        }
        expect("F_GETFL", LinuxIoCalls.F_GETFL).expect("F_SETFL", LinuxIoCalls.F_SETFL);
        expect("PROT_READ", LinuxPageCalls.PROT_READ).expect("MAP_SHARED", LinuxPageCalls.MAP_SHARED);
        expect("MAP_FAILED == (void *) -1L", 1);
        expectIfKnown("RWF_DONTCACHE", "RWF_DONTCACHE", IoCalls.RWF_DONTCACHE);
        size("iovec", NativeBuffer.IOVEC_BYTES).offset("iovec", "iov_base", NativeBuffer.IOVEC_START);
        offset("iovec", "iov_len", NativeBuffer.IOVEC_LENGTH);
        lines.add("#ifdef __NR_cachestat");
        size("cachestat_range", LinuxPageCalls.RANGE_BYTES).size("cachestat", CacheStat.STRUCT_BYTES);
        offset("cachestat_range", "off", LinuxPageCalls.RANGE_OFFSET);
        offset("cachestat_range", "len", LinuxPageCalls.RANGE_LENGTH);
        offset("cachestat", "nr_cache", CacheStat.CACHE).offset("cachestat", "nr_dirty", CacheStat.DIRTY);
        offset("cachestat", "nr_writeback", CacheStat.WRITEBACK);
        offset("cachestat", "nr_evicted", CacheStat.EVICTED);
        offset("cachestat", "nr_recently_evicted", CacheStat.RECENTLY_EVICTED);
        lines.add("#endif");
    }

    private void pipes(Abi abi) {
        expect("O_NONBLOCK", PipeFlag.NONBLOCK.bits);
        expect("F_SETPIPE_SZ", LinuxPipeCalls.F_SETPIPE_SZ).expect("F_GETPIPE_SZ", LinuxPipeCalls.F_GETPIPE_SZ);
        expect("FIONREAD", LinuxPipeCalls.FIONREAD);
        for (SpliceFlag flag : SpliceFlag.values()) {
            expect("SPLICE_F_" + flag, flag.bits);
        }
        expect("POLLIN", Poll.POLLIN).expect("POLLOUT", Poll.POLLOUT);
        expect("POLLERR", Poll.POLLERR).expect("POLLHUP", Poll.POLLHUP);
        size("pollfd", Poll.STRUCT_BYTES).offset("pollfd", "fd", Poll.FD);
        offset("pollfd", "events", Poll.EVENTS).offset("pollfd", "revents", Poll.REVENTS);
        if (abi == Abi.HERE) {
            expect("O_DIRECT", PipeFlag.DIRECT.bits);
        }
    }

    private void watches() {
        expect("IN_ATTRIB", Change.ATTRIBUTES.bits).expect("IN_CLOSE_WRITE", Change.WRITTEN.bits);
        expect("IN_MOVED_FROM", Change.MOVED_FROM.bits).expect("IN_MOVED_TO", Change.MOVED_TO.bits);
        expect("IN_CREATE", Change.CREATED.bits).expect("IN_DELETE", Change.DELETED.bits);
        expect("IN_DELETE_SELF", Change.SELF_DELETED.bits).expect("IN_MOVE_SELF", Change.SELF_MOVED.bits);
        expect("IN_UNMOUNT", Change.UNMOUNTED.bits).expect("IN_Q_OVERFLOW", Change.OVERFLOWED.bits);
        expect("IN_IGNORED", Change.IGNORED.bits);
        expect("IN_EXCL_UNLINK", LinuxInotifyCalls.IN_EXCL_UNLINK);
        expect("IN_CLOEXEC", LinuxInotifyCalls.IN_CLOEXEC).expect("IN_NONBLOCK", LinuxInotifyCalls.IN_NONBLOCK);
        size("inotify_event", InotifyEvent.STRUCT_BYTES).offset("inotify_event", "wd", InotifyEvent.WATCH);
        offset("inotify_event", "mask", InotifyEvent.MASK).offset("inotify_event", "len", InotifyEvent.LENGTH);
    }

    private void terminals() {
        expect("TCGETS", LinuxTerminalCalls.TCGETS).expect("TCSETS", LinuxTerminalCalls.TCSETS);
        expect("TIOCGWINSZ", LinuxTerminalCalls.TIOCGWINSZ).expect("TIOCSWINSZ", LinuxTerminalCalls.TIOCSWINSZ);
        expect("sizeof(struct termios) <= " + LinuxTerminalCalls.TERMIOS_BYTES, 1);
        offset("termios", "c_iflag", LinuxTerminalCalls.INPUT_MODES);
        offset("termios", "c_oflag", LinuxTerminalCalls.OUTPUT_MODES);
        offset("termios", "c_cflag", LinuxTerminalCalls.CONTROL_MODES);
        offset("termios", "c_lflag", LinuxTerminalCalls.LOCAL_MODES);
        expect(
                "IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON", // as termios(3) has cfmakeraw
                LinuxTerminalCalls.NOT_RAW_INPUT);
        expect("OPOST", LinuxTerminalCalls.NOT_RAW_OUTPUT);
        expect("ECHO | ECHONL | ICANON | ISIG | IEXTEN", LinuxTerminalCalls.NOT_RAW_LOCAL);
        expect("CSIZE | PARENB", LinuxTerminalCalls.NOT_RAW_CONTROL);
        expect("CS8", LinuxTerminalCalls.EIGHT_BITS);
        size("winsize", LinuxTerminalCalls.WINSIZE_BYTES);
        offset("winsize", "ws_row", LinuxTerminalCalls.WINSIZE_ROWS);
        offset("winsize", "ws_col", LinuxTerminalCalls.WINSIZE_COLUMNS);
    }

    private void children() {
        expect("POSIX_SPAWN_SETPGROUP", LinuxChildCalls.POSIX_SPAWN_SETPGROUP);
        expect("POSIX_SPAWN_SETSIGDEF", LinuxChildCalls.POSIX_SPAWN_SETSIGDEF);
        expect("POSIX_SPAWN_SETSIGMASK", LinuxChildCalls.POSIX_SPAWN_SETSIGMASK);
        expect("POSIX_SPAWN_SETSID", LinuxChildCalls.POSIX_SPAWN_SETSID);
        expect("sizeof(posix_spawn_file_actions_t) <= " + LinuxChildCalls.FILE_ACTIONS_BYTES, 1);
        expect("sizeof(posix_spawnattr_t) <= " + LinuxChildCalls.ATTRIBUTES_BYTES, 1);
        expect("sizeof(sigset_t)", LinuxChildCalls.SIGSET_BYTES);
        expect("sizeof(pid_t)", Integer.BYTES);
        expect("P_ALL", LinuxChildCalls.P_ALL).expect("P_PID", LinuxChildCalls.P_PID);
        expect("WEXITED", LinuxChildCalls.WEXITED).expect("WNOHANG", LinuxChildCalls.WNOHANG);
        expect("WNOWAIT", LinuxChildCalls.WNOWAIT);
        expect("sizeof(siginfo_t)", ExitStatus.SIGINFO_BYTES);
        expect("offsetof(siginfo_t, si_pid)", ExitStatus.SIGINFO_PID);
        expect("offsetof(siginfo_t, si_code)", ExitStatus.SIGINFO_CODE);
        expect("offsetof(siginfo_t, si_status)", ExitStatus.SIGINFO_STATUS);
        expect("CLD_EXITED", ExitStatus.CLD_EXITED);
        expect("SIGKILL", ProcessSignal.KILL.number).expect("SIGTERM", ProcessSignal.TERMINATE.number);
        expect("SIGCONT", ProcessSignal.CONTINUE.number);
    }

    private void priorities() {
        expect("PRIO_PGRP", LinuxChildCalls.PRIO_PGRP);
        expect("PR_SET_DUMPABLE", LinuxProcessCalls.PR_SET_DUMPABLE);
        expect("PR_GET_CHILD_SUBREAPER", LinuxChildCalls.PR_GET_CHILD_SUBREAPER);
        expect("PR_CAP_AMBIENT", LinuxChildCalls.PR_CAP_AMBIENT);
        expect("PR_CAP_AMBIENT_CLEAR_ALL", LinuxChildCalls.PR_CAP_AMBIENT_CLEAR_ALL);
        expect("IOPRIO_WHO_PROCESS", LinuxProcessCalls.IOPRIO_WHO_PROCESS);
        expect("IOPRIO_WHO_PGRP", LinuxChildCalls.IOPRIO_WHO_PGRP);
        expect("IOPRIO_CLASS_SHIFT", IoPriority.CLASS_SHIFT);
        expect("IOPRIO_CLASS_NONE", IoClass.NONE.number).expect("IOPRIO_CLASS_RT", IoClass.REALTIME.number);
        expect("IOPRIO_CLASS_BE", IoClass.BEST_EFFORT.number).expect("IOPRIO_CLASS_IDLE", IoClass.IDLE.number);
    }

    private void locksAndSockets() {
        expect("F_OFD_SETLK", FileLock.F_OFD_SETLK).expect("F_WRLCK", FileLock.F_WRLCK);
        expect("F_OFD_GETLK", FileLock.F_OFD_GETLK).expect("F_UNLCK", FileLock.F_UNLCK);
        expect("SEEK_SET", 0);
        size("flock", FileLock.FLOCK_BYTES).offset("flock", "l_type", FileLock.FLOCK_TYPE);
        expect("sizeof(((struct flock *) 0)->l_type)", Short.BYTES);
        expect("AF_UNIX", LinuxSocketCalls.AF_UNIX).expect("SOCK_DGRAM", LinuxSocketCalls.SOCK_DGRAM);
        expect("SOCK_CLOEXEC", LinuxSocketCalls.SOCK_CLOEXEC);
        expect("MSG_DONTWAIT", LinuxSocketCalls.MSG_DONTWAIT).expect("MSG_NOSIGNAL", LinuxSocketCalls.MSG_NOSIGNAL);
        size("sockaddr_un", LinuxSocketCalls.ADDRESS_BYTES);
        offset("sockaddr_un", "sun_path", LinuxSocketCalls.ADDRESS_PATH);
        expect("sizeof(sa_family_t)", Short.BYTES);
    }

    private void accounts() {
        expect("sizeof(struct passwd) <= " + AccountDatabase.ENTRY_BYTES, 1);
        expect("sizeof(struct group) <= " + AccountDatabase.ENTRY_BYTES, 1);
        offset("passwd", "pw_uid", AccountDatabase.NUMBER).offset("group", "gr_gid", AccountDatabase.NUMBER);
        expect("sizeof(uid_t)", Integer.BYTES).expect("sizeof(gid_t)", Integer.BYTES);
    }
}
