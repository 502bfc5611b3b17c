// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A seccomp(2) filter, kept over exec, by which system calls fail in all of a {@link ChildJvm} and its children: a
 * container that forbids them (EPERM), or a kernel that is older than they are (ENOSYS). A call is named as in
 * asm/unistd.h; {@code ioctl:1:0xC020660B} means only those whose argument 1 has this value.
 */
public final class DeniedCalls {
    /** Every call that io.millrace.posix makes, and those that the C library makes for it. */
    public static final List<String> ALL = List.of(
            ("accept4 access cachestat clone3 close_range copy_file_range dup2 epoll_create1 epoll_ctl epoll_wait eventfd2 exit_group"
                            + " faccessat faccessat2 fadvise64 fallocate fchmod fchown fchownat fdatasync flock fstat fstatfs"
                            + " fsync ftruncate getcwd getdents64 geteuid getpgid getpid inotify_add_watch"
                            + " inotify_init1 ioprio_get ioprio_set kill linkat lseek mincore mkdirat newfstatat open"
                            + " openat2 pidfd_open pidfd_send_signal pipe pipe2 poll ppoll pread64 preadv2 pwrite64"
                            + " prlimit64 renameat renameat2 rt_sigaction sched_getaffinity sendto setpgid setpriority"
                            + " setsid socket splice statfs statx sync_file_range tee unlinkat vfork vmsplice wait4 waitid"
                            + " write writev"
                            // fcntl: F_GETFL F_SETFL F_SETPIPE_SZ F_GETPIPE_SZ F_OFD_SETLK
                            + " fcntl:1:3 fcntl:1:4 fcntl:1:1031 fcntl:1:1032 fcntl:1:37"
                            // ioctl: FIONREAD FIEMAP GETFLAGS TCGETS TCSETS TIOCSWINSZ TIOCSPTLCK TIOCGPTN
                            + " ioctl:1:0x541B ioctl:1:0xC020660B ioctl:1:0x80086601 ioctl:1:0x5401 ioctl:1:0x5402"
                            + " ioctl:1:0x5414 ioctl:1:0x40045431 ioctl:1:0x80045430"
                            // prctl: PR_CAP_AMBIENT PR_GET_CHILD_SUBREAPER; preadv2: RWF_DONTCACHE
                            + " prctl:0:47 prctl:0:37 preadv2:5:0x80")
                    .split(" "));

    private static final String SOURCE = """
            #include <errno.h>
            #include <linux/filter.h>
            #include <linux/seccomp.h>
            #include <stddef.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            #include <sys/prctl.h>
            #include <sys/syscall.h>
            #include <unistd.h>
            #ifndef SYS_cachestat
            #define SYS_cachestat 451
            #endif
            static struct { const char *name; long number; } calls[] = {
            %s
            };
            static struct sock_filter code[1024];
            static unsigned short length;
            static void add(unsigned short op, unsigned char yes, unsigned char no, unsigned k) {
                code[length++] = (struct sock_filter) {op, yes, no, k};
            }
            int main(int argc, char **argv) {
                int error = atoi(argv[1]), i;
                for (i = 2; i < argc && strcmp(argv[i], "--"); i++) {
                    char *name = strtok(argv[i], ":"), *argument = strtok(NULL, ":"), *value = strtok(NULL, ":");
                    long number = -1;
                    for (size_t at = 0; at < sizeof calls / sizeof *calls; at++)
                        if (!strcmp(calls[at].name, name))
                            number = calls[at].number;
                    if (number < 0)
                        return fprintf(stderr, "no such call here: %%s\\n", name), 124;
                    add(BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr));
                    add(BPF_JMP | BPF_JEQ | BPF_K, 0, argument ? 3 : 1, number);
                    if (argument) {
                        add(BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, args) + 8 * atoi(argument));
                        add(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, strtoul(value, NULL, 0));
                    }
                    add(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | error);
                }
                add(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW);
                struct sock_fprog filter = {length, code};
                if (i + 1 >= argc || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
                    || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
                    return perror("seccomp"), 125;
                execvp(argv[i + 1], argv + i + 1);
                return perror(argv[i + 1]), 125;
            }
            """;

    private static final int EPERM = 1;
    private static final int ENOSYS = 38;

    private final Path launcher;

    private DeniedCalls(Path launcher) {
        this.launcher = launcher;
    }

    /** Compiled into {@code directory}. Skips the test where there is no C compiler. */
    public static DeniedCalls in(Path directory) throws IOException, InterruptedException {
        String table = ALL.stream()
                .map(call -> call.split(":")[0])
                .distinct()
                .map(name -> "#ifdef SYS_" + name + "\n{\"" + name + "\", SYS_" + name + "},\n#endif\n")
                .collect(Collectors.joining());
        return new DeniedCalls(CCompiler.program(directory, "deny", SOURCE.formatted(table)));
    }

    /** What to give to {@link ChildJvm#under}: the calls fail with this errno, EPERM or ENOSYS. */
    public String[] under(String errno, String... calls) {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.add(String.valueOf(errno.equals("EPERM") ? EPERM : ENOSYS));
        command.addAll(Arrays.asList(calls));
        command.add("--");
        return command.toArray(String[]::new);
    }
}
