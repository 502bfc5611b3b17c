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
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A scan that is stopped while its workers will not hear of it: it ends soon, and they with it, and theirs. */
class WorkerStopIT {
    /** Those that it does not end go on for ever. On a machine that is not busy, it is the stop-timeout and two seconds more. */
    private static final int MAX_MILLIS = 40_000;

    private static final String DEAF = "trap '' TERM INT HUP";

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        byte[] bytes = new byte[3 << 20];
        new Random(1).nextBytes(bytes);
        file = Files.write(directory.resolve("file"), bytes);
    }

    /** Nothing that was started by a path of ours runs; a process may take a moment to go. */
    @AfterEach
    void nobodyIsLeft() {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(running()).isEmpty());
    }

    private List<String> running() throws IOException {
        try (var processes = Files.list(Path.of("/proc"))) {
            return processes
                    .map(process -> commandLine(process))
                    .filter(words -> words.contains(directory.toString()))
                    .toList();
        }
    }

    private static String commandLine(Path process) {
        try {
            return Files.readString(process.resolve("cmdline")).replace('\0', ' ');
        } catch (IOException e) {
            return ""; // no process, or no longer
        }
    }

    private Path script(String name, String... lines) throws IOException {
        Path script = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Ends never, and has children that do not either; says when they are there. */
    private Path deaf(String name) throws IOException {
        Path child = script(name + "-child", DEAF, "while :; do sleep 0.2; done");
        return script(
                name,
                DEAF,
                child + " &",
                child + " < /dev/null > /dev/null 2>&1 &",
                "touch " + directory.resolve(name + "-runs"),
                "while :; do sleep 0.2; done");
    }

    /** Sends the signal when all these files are there; says to standard output how long the end then took. */
    private ChildJvm.Result signalled(String signal, List<String> awaited, Object... arguments) throws Exception {
        var condition = new StringBuilder("true");
        awaited.forEach(name ->
                condition.append(" && [ -e ").append(directory.resolve(name)).append(" ]"));
        String script = "set -m; \"$@\" >&2 & p=$!; until " + condition + "; do sleep 0.02; done; sleep 0.2;"
                + " s=${EPOCHREALTIME/./}; kill -" + signal + " $p; wait $p; c=$?; e=${EPOCHREALTIME/./};"
                + " echo $(((e - s) / 1000)); exit $c";
        return ChildJvm.of(Main.class, arguments)
                .under("bash", "-c", script, "bash")
                .run();
    }

    @ParameterizedTest
    @CsvSource({"INT,130", "TERM,143"})
    void endsThoughWorkersAreDeaf(String signal, int exitCode) throws Exception {
        Path deaf = deaf("deaf");
        var scan = signalled(
                signal, List.of("deaf-runs"), "scan", "--digest=sha256", "--exec=" + deaf, "--exec=wc -c", file, file);
        assertThat(scan.exitCode()).as(scan.toString()).isEqualTo(exitCode);
        assertThat(Integer.parseInt(scan.out().strip())).as(scan.toString()).isLessThan(MAX_MILLIS);
        assertThat(scan.err()).contains("millrace: stopped after 0 files, ");
    }

    @Test
    void endsThoughWorkersThatStayAreDeaf() throws Exception {
        Command.assumeExists("python3");
        Path answers = script(
                "answers",
                DEAF,
                "exec 3<&0", // what runs in the background reads nothing else
                "python3 -c 'import json, sys",
                "sys.path.insert(0, \"" + Path.of("config/workers").toAbsolutePath() + "\")",
                "import protocol",
                "for file in protocol.files():",
                "    with file: file.answer(1)' <&3 &",
                "wait",
                "while :; do sleep 0.2; done");
        Path deaf = deaf("deaf");
        String each = ": { command: [" + answers + "], mode: persistent, stop-timeout: 1s }";
        Path config = Files.write(
                directory.resolve("config"),
                List.of(
                        "workers:",
                        "  one" + each,
                        "  two" + each,
                        "  three" + each,
                        "  deaf: { command: [" + deaf + "], stop-timeout: 1s }"));
        var scan = signalled(
                "TERM",
                List.of("deaf-runs"),
                "scan",
                "--config=" + config,
                "--worker=one",
                "--worker=two",
                "--worker=three",
                "--worker=deaf",
                file);
        assertThat(scan.exitCode()).as(scan.toString()).isEqualTo(143);
        assertThat(Integer.parseInt(scan.out().strip())).as(scan.toString()).isLessThan(MAX_MILLIS);
    }

    @Test
    void endsWhenNobodyReadsItsOutput() throws Exception {
        Path deaf = script("deaf", DEAF, "echo x", "cat > /dev/null");
        var tree = Files.createDirectory(directory.resolve("tree"));
        for (int i = 0; i < 300; i++) {
            Files.writeString(tree.resolve("file-" + i), "x");
        }
        var scan = ChildJvm.of(Main.class, "scan", "--digest=sha512", "--exec=" + deaf, tree)
                .under("bash", "-c", "\"$@\" | true; exit ${PIPESTATUS[0]}", "bash")
                .run();
        assertThat(scan.exitCode()).as(scan.toString()).isEqualTo(ExitCode.OUTPUT_CLOSED);
        assertThat(scan.err()).isEmpty();
    }

    @Test
    void endsWhenAWorkerDoesNotReadAndHasADescendantThatHoldsItsOutput() throws Exception {
        Path deaf = deaf("deaf");
        var scan = ChildJvm.of(Main.class, "scan", "--stall-timeout=300ms", "--exec=" + deaf, "--json", file)
                .run();
        assertThat(scan.exitCode()).as(scan.toString()).isEqualTo(1);
        var workers = Json.maps(Json.lines(scan.out()).get(0).get("workers"));
        assertThat(workers.get(0)).containsEntry("outcome", "stalled");
    }
}
