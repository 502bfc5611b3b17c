// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.cli.output.ExitCode;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The program ends, in each way it can, while a worker has got half of a file: a worker that publishes what it has read
 * to the end never does, and nobody is left.
 */
class HalfFileIT {
    private static final String DEAF = "trap '' TERM INT HUP\n";

    /** Slow enough for all that is to happen in the middle. */
    private static final String RATE = "--rate=1MiB";

    @TempDir
    private Path directory;

    private Path file;
    private Path out;

    @BeforeEach
    void write() throws IOException {
        file = Files.write(directory.resolve("big"), new byte[64 << 20]);
        out = directory.resolve("out");
    }

    @AfterEach
    void nobodyIsLeftNorPublishesLater() throws IOException {
        await().atMost(Duration.ofSeconds(60)).until(() -> !isUsed("out.part"));
        assertThat(out).doesNotExist();
    }

    /** Whether a process has this file open. */
    private boolean isUsed(String name) throws Exception {
        return !Command.run(
                        "sh",
                        "-c",
                        "ls -l /proc/[0-9]*/fd 2>/dev/null | grep -F '" + directory.resolve(name) + "' || true")
                .isEmpty();
    }

    private Path publisher(String first) throws IOException {
        String text = "#!/bin/sh\n" + first + "case $MILLRACE_PATH in */big) ;; *) exec cat > /dev/null ;; esac\n"
                + "cat > " + out + ".part && mv " + out + ".part " + out + "\n";
        Path script = Files.writeString(directory.resolve("publish"), text);
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Runs this of the shell, with the process as {@code $p}, once the worker has got something. */
    private ChildJvm ended(String how, Object... arguments) {
        String script = "set -m; ulimit -c 0; \"$@\" & p=$!; until [ -s " + out + ".part ]; do sleep 0.02; done; " + how
                + "; wait $p";
        return ChildJvm.of(Main.class, arguments).under("bash", "-c", script, "bash");
    }

    @ParameterizedTest
    @CsvSource({"HUP,129", "INT,130", "TERM,143", "USR1,138", "ALRM,142", "XCPU,152"})
    void publishesNothingAfterASignal(String signal, int exitCode) throws Exception {
        var scan = ended("kill -" + signal + " $p", "scan", RATE, "--exec=" + publisher(""), file)
                .run();
        assertThat(scan.exitCode()).as(scan.toString()).isEqualTo(exitCode);
        assertThat(scan.err()).contains("stopped after 0 files, ");
    }

    /** The worker does not hear of the first, so the scan waits for its stop-timeout. */
    @ParameterizedTest
    @CsvSource({"HUP,129", "INT,130", "TERM,143"})
    void publishesNothingAfterASecondSignal(String signal, int exitCode) throws Exception {
        String kill = "kill -" + signal + " $p";
        var scan = ended(kill + "; sleep 0.5; " + kill, "scan", RATE, "--exec=" + publisher(DEAF), file)
                .run();
        assertThat(scan.exitCode()).as(scan.toString()).isEqualTo(exitCode);
        assertThat(scan.err()).doesNotContain("stopped after");
    }

    @Test
    void dumpsThreadsAtSigquitAndGoesOn() throws Exception {
        String how = "kill -QUIT $p; sleep 0.5; kill -0 $p && kill -TERM $p";
        var scan = ended(how, "scan", RATE, "--exec=" + publisher(""), file).run();
        assertThat(scan.exitCode()).as(scan.toString()).isEqualTo(143);
        assertThat(scan.out()).contains("Full thread dump");
    }

    @Test
    void goesOnWhereTheHangUpIsIgnored() throws Exception {
        String how = "kill -HUP $p; sleep 0.5; kill -0 $p && kill -TERM $p";
        var scan = ended(how, "scan", RATE, "--exec=" + publisher(""), file)
                .under("nohup")
                .run();
        assertThat(scan.exitCode()).as(scan.toString()).isEqualTo(143);
    }

    /** The terminal's other side is closed, as by a window or an ssh that goes. */
    @ParameterizedTest
    @CsvSource({"always", "never"})
    void publishesNothingAfterTheTerminalClosed(String progress) throws Exception {
        Command.assumeExists("python3");
        String script = """
                import os, pty, sys, time
                pid, terminal = pty.fork()
                if pid == 0:
                    os.execvp(sys.argv[2], sys.argv[2:])
                os.set_blocking(terminal, False)
                while not os.path.exists(sys.argv[1]) or os.path.getsize(sys.argv[1]) == 0:
                    time.sleep(0.02)
                os.close(terminal)
                sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
                """;
        Path hangUp = Files.writeString(directory.resolve("hang-up.py"), script);
        var scan = ChildJvm.of(Main.class, "scan", RATE, "--progress=" + progress, "--exec=" + publisher(""), file)
                .under("python3", hangUp.toString(), out + ".part")
                .run();
        assertThat(scan.exitCode()).as(scan.toString()).isEqualTo(129);
    }

    @Test
    void publishesNothingWhenNobodyReadsTheResults() throws Exception {
        var tree = Files.createDirectory(directory.resolve("tree"));
        for (int i = 0; i < 60; i++) {
            Files.writeString(tree.resolve("x".repeat(200) + i), "x");
        }
        var scan = ChildJvm.of(
                        Main.class,
                        "scan",
                        RATE,
                        "--parallel=2",
                        "--digest=sha256",
                        "--exec=" + publisher(DEAF),
                        tree,
                        file)
                .under("bash", "-c", "\"$@\" | true; exit ${PIPESTATUS[0]}", "bash")
                .run();
        assertThat(scan.exitCode()).as(scan.toString()).isEqualTo(ExitCode.OUTPUT_CLOSED);
    }

    /** Another thread of the same process calls exit(3), as a library could. */
    static final class Exits {
        public static void main(String[] arguments) throws Exception {
            var thread = new Thread(() -> {
                while (Path.of(arguments[0]).toFile().length() == 0) {
                    Thread.onSpinWait();
                }
                System.exit(5);
            });
            thread.start();
            Main.main(Arrays.copyOfRange(arguments, 1, arguments.length));
        }
    }

    @Test
    void publishesNothingAfterExit() throws Exception {
        var scan = ChildJvm.of(Exits.class, out + ".part", "scan", RATE, "--exec=" + publisher(DEAF), file)
                .run();
        assertThat(scan.exitCode()).as(scan.toString()).isEqualTo(5);
    }

    /** Protocol 1: neither the length 0 that ends a file, nor the end of input where it would end between two files. */
    @ParameterizedTest
    @CsvSource({"kill -HUP $p,129", "kill -TERM $p; sleep 0.5; kill -TERM $p,143"})
    void persistentWorkersSeeNoCleanEnd(String how, int exitCode) throws Exception {
        Command.assumeExists("python3");
        String worker = """
                import os, signal, struct, sys
                for number in signal.SIGTERM, signal.SIGHUP, signal.SIGINT:
                    signal.signal(number, signal.SIG_IGN)
                part = open(sys.argv[1] + '.part', 'wb')
                while sys.stdin.buffer.readline():
                    while True:
                        length = struct.unpack('>I', sys.stdin.buffer.read(4))[0]
                        if length in (0, 0xffffffff):
                            break
                        part.write(sys.stdin.buffer.read(length))
                        part.flush()
                    if length == 0:
                        os.rename(sys.argv[1] + '.part', sys.argv[1])
                """;
        Path program = Files.writeString(directory.resolve("worker.py"), worker);
        Path config = Files.writeString(
                directory.resolve("config"),
                "workers: { w: { command: [python3, " + program + ", " + out + "], mode: persistent } }\n");
        var scan = ended(how, "scan", RATE, "--config=" + config, "--worker=w", file)
                .run();
        assertThat(scan.exitCode()).as(scan.toString()).isEqualTo(exitCode);
    }
}
