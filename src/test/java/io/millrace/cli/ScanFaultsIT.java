// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.testkit.CachedFile;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import io.millrace.testkit.Shim.Disturbance;
import io.millrace.testkit.Shim;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A whole scan under a kernel that fails, interrupts, refuses and runs out. */
class ScanFaultsIT {
    @TempDir
    Path directory;

    @TempDir
    Path logs;

    private CachedFile write(String name, int mebibytes) throws Exception {
        return CachedFile.random(directory.resolve(name), (long) mebibytes << 20, name.hashCode());
    }

    private static String sum(Path file) throws Exception {
        return Command.run("sha256sum", file);
    }

    @ParameterizedTest
    @CsvSource({"pread64,pread,drop-behind", "preadv2,preadv2,dontcache"})
    void failsOnlyTheFileWhoseReadFailed(String call, String name, String strategy) throws Exception {
        Command.assumeExists("strace");
        var good = write("good", 9);
        var bad = write("bad", 40).evicted();
        var alsoGood = write("good-too", 1);
        Path log = logs.resolve("log");
        var result = ChildJvm.of(
                        Main.class,
                        "scan",
                        "--digest=sha256",
                        "--parallel=1",
                        "--strategy=" + strategy,
                        good.path(),
                        bad.path(),
                        alsoGood.path())
                .under(
                        "strace",
                        "-f",
                        "-qq",
                        "--seccomp-bpf",
                        "-o",
                        log.toString(),
                        "-P",
                        bad.path().toString())
                .under("-e", "trace=" + call, "-e", "inject=" + call + ":error=EIO:when=3")
                .run();
        assertThat(Files.readString(log)).contains("(INJECTED)");
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.out()).isEqualTo(sum(good.path()) + sum(alsoGood.path()));
        assertThat(result.err().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .matches("millrace: \\Q" + bad.path() + "\\E: " + name
                                        + " at \\d+\\+4194304: Input/output error \\(EIO\\)"),
                        line -> assertThat(line).contains("read 2 files", "; 1 failed"));
    }

    @ParameterizedTest
    @EnumSource(names = {"EINTR", "SHORT", "BOTH"})
    void noticesNoInterruptionAndNoShortRead(Disturbance disturbance) throws Exception {
        var cold = write("cold", 21).evicted();
        var warm = write("warm", 5);
        var sparse = CachedFile.sparse(directory.resolve("sparse"), 80 << 20, 1, 3 << 20);
        var shim = Shim.in(logs);
        var result = shim.around(
                        ChildJvm.of(Main.class, "scan", "--digest=sha256", cold.path(), warm.path(), sparse.path()),
                        disturbance)
                .run();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).isEqualTo(sum(cold.path()) + sum(warm.path()) + sum(sparse.path()));
        var counts = shim.counts();
        assertThat(counts.values().stream()
                        .mapToLong(count -> count.interrupted() + count.cut())
                        .sum())
                .isGreaterThan(20);
    }

    @Test
    void takesAReadOfNothingForAFileThatShrank() throws Exception {
        var file = write("file", 5);
        var result = Shim.in(logs)
                .around(ChildJvm.of(Main.class, "scan", "--digest=md5", file.path()), Disturbance.NOTHING_MOVES)
                .run();
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void namesEmfileAndEndsWhenDescriptorsRunOut() throws Exception {
        Path deep = directory;
        for (int i = 0; i < 60; i++) {
            deep = Files.createDirectory(deep.resolve("d"));
            Files.writeString(deep.resolve("file"), "x");
        }
        var result = ChildJvm.of(Main.class, "scan", "--digest=md5", directory)
                .under("prlimit", "--nofile=56")
                .run();
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err())
                .contains(": open: Too many open files (EMFILE)")
                .doesNotContain("\tat ");
        long failed =
                result.err().lines().filter(line -> line.contains("EMFILE")).count();
        assertThat(result.err())
                .contains("read " + result.out().lines().count() + " files")
                .contains("; " + failed + " failed");
    }

    @Test
    void reportsWhatAnotherUserMayNotReadAndReadsTheRest() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can become nobody");
        Path open = Files.createTempDirectory("millrace-open-");
        try {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
            Path secret = Files.writeString(open.resolve("secret"), "x");
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
            Path closed = Files.createDirectory(open.resolve("closed"));
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
            Path readable = Files.writeString(open.resolve("readable"), "y");
            Files.setPosixFilePermissions(readable, PosixFilePermissions.fromString("rw-r--r--"));
            var result = ChildJvm.of(Main.class, "scan", "--digest=sha256", open)
                    .asNobody()
                    .run();
            assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
            assertThat(result.out()).isEqualTo(sum(readable));
            assertThat(result.err())
                    .contains("millrace: " + secret + ": open: Permission denied (EACCES)\n")
                    .contains("millrace: " + closed + ": open: Permission denied (EACCES)\n")
                    .contains("read 1 file, 1 B", "; 2 failed");
        } finally {
            var unused = Command.run("rm", "-rf", open);
        }
    }

    @Test
    void namesStandardOutputWhenItIsFull() throws Exception {
        var file = write("file", 1);
        for (String command : new String[] {"scan --digest=md5", "scan --json", "cat"}) {
            var words = (command + " " + file.path()).split(" ");
            var result = ChildJvm.of(Main.class, (Object[]) words)
                    .under("sh", "-c", "\"$@\" > /dev/full", "sh")
                    .run();
            assertThat(result.exitCode()).as(command + result).isEqualTo(1);
            assertThat(result.err())
                    .as(command)
                    .startsWith("millrace: standard output: write: No space left on device (ENOSPC)\n")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void saysNothingWhenItsReaderHasSeenEnough() throws Exception {
        for (int i = 0; i < 3_000; i++) {
            Files.writeString(directory.resolve("file-" + i), "x");
        }
        for (String form : new String[] {"--digest=md5", "--json"}) {
            var result = ChildJvm.of(Main.class, "scan", form, directory)
                    .under("bash", "-c", "\"$@\" | head -n1; exit ${PIPESTATUS[0]}", "bash")
                    .run();
            assertThat(result.exitCode()).as(result.toString()).isEqualTo(141);
            assertThat(result.err()).isEmpty();
        }
    }

    @Test
    void failsWithAMessageWhenStandardOutputIsClosedFromTheStart() throws Exception {
        var file = write("file", 1);
        var result = ChildJvm.of(Main.class, "scan", "--digest=md5", file.path())
                .under("sh", "-c", "exec \"$@\" >&-", "sh")
                .option("-Dmillrace.descriptors=open") // as with the launcher
                .run();
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err()).startsWith("millrace: standard output: write: Bad file descriptor (EBADF)\n");
        assertThat(Command.run("md5sum", file.path())).isNotEmpty();
    }
}
