// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command in a process of its own, with the kernel failing it at chosen calls. */
class AllocateFaultsIT {
    @TempDir
    Path directory;

    @TempDir
    Path logs;

    private ChildJvm allocate(int files, String... options) {
        List<Object> arguments = new ArrayList<>(List.of("allocate", "--size", "1MiB"));
        arguments.addAll(List.of(options));
        for (int i = 0; i < files; i++) {
            arguments.add(directory.resolve("file" + i));
        }
        return ChildJvm.of(Main.class, arguments.toArray());
    }

    /** Without --seccomp-bpf: with it strace 6.1 does not deliver signals. */
    private ChildJvm.Result inject(String fault, int files, String... options) throws Exception {
        String call = fault.substring(0, fault.indexOf(':'));
        ChildJvm.Result result = allocate(files, options)
                .under("strace", "-f", "-qq", "-o", log().toString(), "-e", "trace=" + call, "-e", "inject=" + fault)
                .run();
        assertThat(Files.readString(log())).containsAnyOf("(INJECTED)", "killed by SIGKILL");
        return result;
    }

    private Path log() {
        return logs.resolve("strace");
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @CsvSource({"fallocate,1", "fallocate,3", "fchmod,1", "fsync,1", "fsync,2", "linkat,1"})
    void leavesNothingWhenKilledBeforeTheFirstName(String call, int when) throws Exception {
        ChildJvm.Result result = inject(call + ":signal=KILL:when=" + when, 3);
        assertThat(result.exitCode()).as(result.toString()).isNotZero();
        assertThat(names()).isEmpty();
    }

    @Test
    void leavesOnlyWholeFilesWhenKilledBetweenNames() throws Exception {
        ChildJvm.Result result = inject("linkat:signal=KILL:when=3", 3);
        assertThat(result.exitCode()).as(result.toString()).isNotZero();
        assertThat(names()).containsExactly("file0", "file1");
        assertThat(Files.size(directory.resolve("file1"))).isEqualTo(1 << 20);
    }

    @Test
    void reportsAFailedSyncAndLeavesThatFileOut() throws Exception {
        ChildJvm.Result result = inject("fsync:error=EIO:when=2", 3);
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err())
                .contains("file1: fsync: Input/output error (EIO)")
                .contains("1 failed");
        assertThat(names()).containsExactly("file0", "file2");
    }

    @Test
    void takesNamesBackThatMayNotSurvive() throws Exception {
        ChildJvm.Result result = inject("fsync:error=EIO:when=4", 3);
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err()).contains("file2: fsync of its directory: Input/output error (EIO)");
        assertThat(names()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ENOSPC, No space left on device",
        "EFBIG, File too large",
        "EDQUOT, Disk quota exceeded",
        "EOPNOTSUPP, Operation not supported"
    })
    void failsOnlyTheFileThatTheKernelRefused(String errno, String words) throws Exception {
        ChildJvm.Result result = inject("fallocate:error=" + errno + ":when=2", 3, "--json");
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        String message = directory.resolve("file1") + ": fallocate at 0+1048576: " + words + " (" + errno + ")";
        assertThat(result.err()).contains("millrace: " + message);
        assertThat(result.out())
                .contains("\"error\":\"" + message)
                .contains("{\"type\":\"summary\",\"files\":3,\"failed\":1,\"reserved_bytes\":2097152,");
        assertThat(names()).containsExactly("file0", "file2");
    }

    @Test
    void makesAnInterruptedCallAgain() throws Exception {
        ChildJvm.Result result = inject("fallocate:error=EINTR:when=1", 1);
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(names()).containsExactly("file0");
    }

    @Test
    void makesDoWithFewDescriptors() throws Exception {
        ChildJvm.Result result = allocate(200).under("prlimit", "--nofile=48").run();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(names()).hasSize(200);
    }

    @Test
    void saysWhenTheProcessMayNotMakeSuchAFile() throws Exception {
        ChildJvm.Result result = allocate(1).under("prlimit", "--fsize=524288").run();
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err()).contains("file0: fallocate at 0+1048576: File too large (EFBIG)");
        assertThat(names()).isEmpty();
    }

    @Test
    void keepsReservingWhenNobodyReads() throws Exception {
        ChildJvm.Result result =
                allocate(3, "--json").under("sh", "-c", "\"$@\" | true", "sh").run();
        assertThat(result.err()).doesNotContain("Exception");
        assertThat(names()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"--size=0", "--size=-1", "--size=1.5XB", "--size=9PiB --offset=8191PiB", "--mode=0999", "--reserve=101%"
    })
    void refusesWrongUsage(String options) throws Exception {
        ChildJvm.Result result = allocate(1, options.split(" ")).run();
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(2);
        assertThat(names()).isEmpty();
    }
}
