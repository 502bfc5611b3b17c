// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A kernel of before 6.5, as far as a {@link ChildJvm} can tell: a seccomp(2) filter, kept over exec, answers
 * cachestat(2) with ENOSYS and preadv2(2) with RWF_DONTCACHE with EOPNOTSUPP. (strace 6.1 cannot: it does not know
 * cachestat.)
 */
public final class OldKernel {
    private static final String SOURCE = """
            #include <errno.h>
            #include <linux/filter.h>
            #include <linux/seccomp.h>
            #include <stddef.h>
            #include <stdio.h>
            #include <sys/prctl.h>
            #include <sys/syscall.h>
            #include <unistd.h>
            int main(int argc, char **argv) {
                struct sock_filter code[] = {
                    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
                    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 451, 0, 1),
                    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
                    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_preadv2, 0, 3),
                    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[5])),
                    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x80, 0, 1),
                    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EOPNOTSUPP),
                    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
                };
                struct sock_fprog filter = {sizeof code / sizeof *code, code};
                if (argc < 2 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
                    || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
                    return perror("seccomp"), 125;
                execvp(argv[1], argv + 1);
                return perror(argv[1]), 125;
            }
            """;

    private OldKernel() {}

    /** A command to give to {@link ChildJvm#under}. */
    public static String compile(Path directory) throws IOException, InterruptedException {
        return CCompiler.program(directory, "old-kernel", SOURCE).toString();
    }
}
