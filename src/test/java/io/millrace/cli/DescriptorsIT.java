// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.output.ExitCode;
import io.millrace.testkit.Amount;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Descriptors 0-2 that are closed, or open the wrong way round, in every combination, whoever starts the program. */
class DescriptorsIT {
    private static final Path LAYOUT = Path.of(System.getProperty("millrace.layout"));
    private static final String DIGEST = "CRC32C (data) = e3069283\n"; // the check value of CRC-32C

    @TempDir
    Path directory;

    /** How each is given to the program: right, closed, or open the wrong way round. */
    private record Given(String redirection, boolean works) {}

    private static final List<Given> INPUT =
            List.of(new Given("</dev/null", true), new Given("<&-", false), new Given("0>wrong0", false));
    private static final List<Given> OUTPUT =
            List.of(new Given(">out", true), new Given(">&-", false), new Given("1<wrong1", false));
    private static final List<Given> ERRORS =
            List.of(new Given("2>err", true), new Given("2>&-", false), new Given("2<wrong2", false));

    @BeforeEach
    void files() throws IOException {
        Files.writeString(directory.resolve("data"), "123456789");
        for (int i = 0; i <= 2; i++) {
            Files.writeString(directory.resolve("wrong" + i), "as it was\n");
        }
    }

    static Stream<String> shells() {
        return Stream.of("dash", "bash");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void losesNoResultWithExitCode0(String shell) throws Exception {
        for (Given in : INPUT) {
            for (Given out : OUTPUT) {
                for (Given err : ERRORS) {
                    String how = String.join(" ", in.redirection(), out.redirection(), err.redirection());
                    if (!isTried(shell, INPUT.indexOf(in), OUTPUT.indexOf(out), ERRORS.indexOf(err))) {
                        continue;
                    }
                    int exit = run(
                            how,
                            shell,
                            LAYOUT.resolve("bin/millrace").toString(),
                            "scan",
                            "--digest",
                            "crc32c",
                            "--format",
                            "bsd",
                            "data");
                    assertThat(exit).as("%s %s: %s", shell, how, read("err")).isEqualTo(out.works() ? 0 : 1);
                    assertThat(read("out")).as(how).isEqualTo(out.works() ? DIGEST : "");
                    if (!out.works() && err.works()) {
                        assertThat(read("err")).as(how).contains("standard output: write: Bad file descriptor (EBADF)");
                    }
                    assertNothingElseWasWritten(how);
                }
            }
        }
    }

    /** Those nine that have every pair of two descriptors' states in them; all where everything is tried. */
    private static boolean isTried(String shell, int in, int out, int err) {
        return (Amount.isFull() && shell.equals("dash")) || (in + out + err) % 3 == 0;
    }

    @Test
    void aListFromAStandardInputThatIsNoneIsRefusedAtOnce() throws Exception {
        for (String in : List.of("<&-", "0>wrong0")) {
            int exit = run(
                    in + " >out 2>err",
                    "sh",
                    LAYOUT.resolve("bin/millrace").toString(),
                    "scan",
                    "--digest",
                    "crc32c",
                    "--files-from",
                    "-",
                    "-0");
            assertThat(exit).as(in).isEqualTo(1);
            assertThat(read("err")).as(in).isEqualTo("millrace: standard input: read: Bad file descriptor (EBADF)\n");
        }
    }

    @Test
    void otherCommandsSayThatTheirOutputIsClosed() throws Exception {
        String launcher = LAYOUT.resolve("bin/millrace").toString();
        assertThat(run("<&- >&- 2>err", "sh", launcher, "cat", "data")).isEqualTo(1);
        assertThat(read("err")).contains("(EBADF)");
        assertThat(run("<&- >&- 2>&-", "sh", launcher, "cat", "data")).isEqualTo(1);
        assertThat(run("<&- >&- 2>&-", "sh", launcher, "ctl", "--credential", "none", "status"))
                .isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(run("<&- >&- 2>&-", "sh", launcher, "serve", "--config", "none"))
                .isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertNothingElseWasWritten("all closed");
    }

    /** Without the launcher, the JVM opens files of its own before anything of ours runs. */
    @Test
    void refusesToRunWhereTheJvmTookTheirNumbers() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String jar = LAYOUT.resolve("lib/millrace.jar").toString();
        for (String in : List.of("</dev/null", "<&-")) {
            for (String out : List.of(">out", ">&-")) {
                for (String err : List.of("2>err", "2>&-")) {
                    String how = String.join(" ", in, out, err);
                    int exit = run(how, java, "-jar", jar, "scan", "--digest", "crc32c", "--format", "bsd", "data");
                    boolean good = how.equals("</dev/null >out 2>err");
                    assertThat(exit).as("%s: %s", how, read("err")).isEqualTo(good ? 0 : 1);
                    assertThat(read("out")).as(how).isEqualTo(good ? DIGEST : "");
                    if (!good && err.equals("2>err")) {
                        assertThat(read("err"))
                                .as(how)
                                .contains(": Bad file descriptor (EBADF): closed when the program started");
                    }
                    assertNothingElseWasWritten(how);
                }
            }
        }
        String modules =
                Path.of(System.getProperty("java.home"), "lib", "modules").toString();
        assertThat(run("<" + modules + " >out 2>err", java, "-jar", jar, "scan", "--digest", "crc32c", "data"))
                .as("the image of the JVM's modules, but given by the user: %s", read("err"))
                .isZero();
    }

    private void assertNothingElseWasWritten(String how) throws IOException {
        for (int i = 0; i <= 2; i++) {
            boolean truncated = how.contains("0>wrong0") && i == 0;
            assertThat(read("wrong" + i)).as("%s: wrong%d", how, i).isEqualTo(truncated ? "" : "as it was\n");
        }
        Files.writeString(directory.resolve("wrong0"), "as it was\n");
    }

    private int run(String redirections, String... command) throws IOException, InterruptedException {
        Files.deleteIfExists(directory.resolve("out"));
        Files.deleteIfExists(directory.resolve("err"));
        List<String> words = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" " + redirections, "sh"));
        words.addAll(List.of(command));
        var builder = new ProcessBuilder(words)
                .directory(directory.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("ends: %s", redirections)
                    .isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private String read(String name) throws IOException {
        Path file = directory.resolve(name);
        return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
    }
}
