// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code millrace serve} among others: whose directories it uses, and what it keeps from its workers. */
class ServeTrustIT {
    @TempDir
    private Path directory;

    private void shell(String commands) throws Exception {
        var unused = Command.run("sh", "-euc", "cd " + directory + "; " + commands);
    }

    private List<String> files() throws IOException {
        try (var all = Files.walk(directory)) {
            return all.filter(file -> !Files.isDirectory(file))
                    .map(file -> directory.relativize(file).toString())
                    .filter(name -> !name.equals("millrace.yaml"))
                    .sorted()
                    .toList();
        }
    }

    private static void expect(ChildJvm.Result result, int exitCode, String... words) {
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(exitCode);
        assertThat(result.err().lines().filter(line -> line.startsWith("millrace: ")))
                .as(result.toString())
                .singleElement()
                .asString()
                .contains(words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mkdir run; chown 65534 run                 | the runtime directory cannot be used | belongs to user 65534
            mkdir -m 777 run                           | the runtime directory cannot be used | everybody can write
            mkdir run; setfacl -m u:65534:rwx run      | the runtime directory cannot be used | user 65534 can write
            mkdir state; chown 65534 state             | the state directory cannot be used   | belongs to user 65534
            mkdir -p state/results; chown 65534 state/results | the state directory cannot be used | belongs to user 65534
            mkdir state; mkfifo state/lock             | the state directory cannot be used   | not a regular file
            """)
    void directoriesOfOthersAreRefused(String commands, String what, String why) throws Exception {
        assumeTrue(LinuxPosix.create().process().effectiveUser() == 0, "only root can give files to others");
        RunningService.configure(directory, "");
        shell("umask 022; " + commands);
        expect(RunningService.refused(directory), 78, what, why);
        assertThat(files()).isSubsetOf("state/lock");
    }

    @Test
    void aSecondOneWithTheSameRuntimeDirectoryIsRefusedAndChangesNothing() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        RunningService.configure(directory, "");
        Path second = RunningService.configure(other, "");
        Files.writeString(second, Files.readString(second).replace(": run", ": ../run"));
        try (var first = RunningService.start(directory)) {
            String credential = Files.readString(directory.resolve("run/jmx.credential"));
            expect(RunningService.refused(other), 69, directory + "/run is in use by process " + first.pid());
            assertThat(directory.resolve("run/jmx.credential")).hasContent(credential);
            assertThat(first.ctl("status").exitCode()).isZero();
            assertThat(other.resolve("state/lock")).doesNotExist();
            first.signal("KILL");
            first.awaitExit(60);
        }
        assertThat(directory.resolve("run/jmx.credential")).exists();
        try (var next = RunningService.start(directory)) {
            assertThat(next.ctl("status").exitCode()).isZero();
            next.signal("TERM");
            assertThat(next.awaitExit(60)).isEqualTo(143);
        }
        assertThat(directory.resolve("run")).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "jmx"})
    void aFailedStartLeavesNoFile(String face) throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            RunningService.configure(directory, face + ": { listen: \"127.0.0.1:" + taken.getLocalPort() + "\" }\n");
            expect(RunningService.refused(directory), 69, "ddress already in use");
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void aCredentialThatCannotBeWrittenLeavesNoFile() throws Exception {
        RunningService.configure(directory, "");
        shell("mkdir -p run/jmx.credential/x");
        expect(RunningService.refused(directory), 78, "jmx.credential", "(EISDIR)");
        assertThat(files()).isEmpty();
    }

    /** Who attaches can load code: a worker, for one, which runs as the same user. */
    @Test
    void cannotBeAttachedTo() throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        assumeTrue(Files.exists(jcmd), "the JDK has no jcmd");
        RunningService.configure(directory, "");
        try (var service = RunningService.start(directory)) {
            var tried = new ProcessBuilder(jcmd.toString(), String.valueOf(service.pid()), "VM.version")
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(tried.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("AttachNotSupportedException");
            assertThat(service.ctl("status").exitCode()).isZero();
        }
    }
}
