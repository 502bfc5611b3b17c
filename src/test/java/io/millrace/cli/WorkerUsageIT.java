// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that are named wrongly, and configuration files that are wrong: every problem in a line, before any file. */
class WorkerUsageIT {
    private static final List<String> GOOD = List.of(
            "workers:",
            "  count: { command: [wc, -c] }",
            "  lines: { command: wc -l, retries: 2, stop-timeout: 100ms }");

    private static final List<String> BAD = List.of(
            "workers:",
            "  count: { command: [wc, -c], stall-timeout: 5 }",
            "  lines: { comand: [wc, -l] }",
            "pipes: {}");

    @TempDir
    private Path directory;

    /** Each line as a command: its exit code, and what it wrote to standard error. */
    private List<String> run(String... lines) throws Exception {
        var result = ChildJvm.of(UsageIT.EachLine.class, Files.write(directory.resolve("lines"), List.of(lines)))
                .run();
        var codes = result.out().split("\f", -1);
        var said = result.err().split("\f", -1);
        assertThat(codes).as(result.toString()).hasSize(lines.length + 1);
        var all = new ArrayList<String>();
        for (int i = 0; i < lines.length; i++) {
            all.add(codes[i + 1].lines().findFirst().orElseThrow() + " " + said[i]);
        }
        return all;
    }

    private Path file(String name, List<String> lines) throws Exception {
        return Files.write(directory.resolve(name), lines);
    }

    @Test
    void badQuotingIsWrongUsage() throws Exception {
        var said = run(
                "scan --exec 'a /",
                "scan --exec \"a /",
                "scan --exec a\\ /",
                "scan --exec  /",
                "scan --exec '' /",
                "scan --retries=-1 --exec a /",
                "scan --stall-timeout=0s --exec a /",
                "scan --timeout=5 --exec a /",
                "scan --slow=never --exec a /");
        assertThat(said).allSatisfy(line -> {
            assertThat(line).startsWith("2 millrace: ").endsWith("\n");
            assertThat(line.lines()).hasSize(1);
        });
        assertThat(said.get(0)).contains("--exec ''a'");
        assertThat(said.get(5)).contains("retries cannot be negative");
        assertThat(said.get(7)).contains("--timeout");
    }

    @Test
    void aWorkerThatIsNotConfiguredIsWrongUsage() throws Exception {
        Path good = file("good", GOOD);
        var said =
                run("scan --config " + good + " --worker size /", "scan --config " + good + " --worker count " + good);
        assertThat(said.get(0)).startsWith("2 millrace: --worker size: ").contains(good + " has only count, lines");
        assertThat(said.get(1)).startsWith("0 millrace: read 1 file");
    }

    /** Once, and before a file is read: not for every file again. */
    @Test
    void aProgramThatIsNotThereIsWrongUsage() throws Exception {
        Path config = file("lost", List.of("workers:", "  lost: { command: [nosuchprog, -x] }"));
        Path plain = file("plain", List.of("no program"));
        var said = run(
                "scan --exec nosuchprog /no/such/file",
                "scan --exec true --exec " + directory + "/none /no/such/file",
                "scan --exec " + plain + " /no/such/file",
                "scan --exec " + directory + " /no/such/file",
                "scan --config " + config + " --worker lost /no/such/file");
        assertThat(said).allSatisfy(line -> {
            assertThat(line).startsWith("2 millrace: ");
            assertThat(line.lines()).hasSize(1);
        });
        assertThat(said.get(0)).contains("--exec 'nosuchprog': there is no program 'nosuchprog' in /");
        assertThat(said.get(1)).contains("--exec '" + directory + "/none': ", "No such file or directory");
        assertThat(said.get(2)).contains(plain + ": may not be executed by this user");
        assertThat(said.get(3)).contains(directory + ": is a directory, not a program");
        assertThat(said.get(4)).contains("--worker lost: there is no program 'nosuchprog' in /");
    }

    /** It may be installed later, and the service may have another PATH. */
    @Test
    void checkConfigWarnsOfAProgramThatIsNotThere() throws Exception {
        Path config = file("lost", List.of("workers:", "  lost: { command: [nosuchprog, -x] }"));
        var said = run("check-config " + config).get(0);
        assertThat(said.lines()).hasSize(2);
        assertThat(said)
                .startsWith("0 millrace: " + config
                        + ": warning: workers.lost.command: there is no program 'nosuchprog' in /")
                .endsWith(config + ": good, with 0 pools, 1 worker and 0 sources\n");
    }

    @Test
    void aBadConfigurationIsToldWithAllItsProblems() throws Exception {
        Path bad = file("bad", BAD);
        Path missing = directory.resolve("missing");
        Path noText = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, 0, 1});
        var said = run(
                "scan --config " + bad + " --worker count /",
                "check-config " + bad,
                "scan --config " + missing + " --worker count /",
                "check-config " + missing,
                "check-config " + noText,
                "check-config " + directory,
                "scan --config " + directory + " --worker count /");
        assertThat(said).allMatch(line -> line.startsWith("78 millrace: "));
        for (String line : said.subList(0, 2)) {
            assertThat(line)
                    .contains("millrace: " + bad + ":2:", "stall-timeout")
                    .contains("millrace: " + bad + ":3:", "comand", "command")
                    .contains("millrace: " + bad + ":4:", "pipes");
            assertThat(line.substring(3).lines()).allMatch(problem -> problem.startsWith("millrace: " + bad + ":"));
        }
        for (String line : said.subList(2, 4)) {
            assertThat(line).contains(missing.toString(), "No such file or directory");
            assertThat(line.lines()).hasSize(1);
        }
    }

    @Test
    void aGoodConfigurationIsCalledGood() throws Exception {
        Path good = file("good", GOOD);
        Path shipped = Files.copy(
                Path.of("config/millrace.yaml"),
                Files.createDirectory(directory.resolve("config")).resolve("millrace.yaml"));
        Files.copy(
                Path.of("config/workers/zstd-copy"),
                Files.createDirectory(directory.resolve("config/workers")).resolve("zstd-copy"),
                StandardCopyOption.COPY_ATTRIBUTES);
        Files.createDirectories(directory.resolve("target/run/pool"));
        Files.createDirectories(directory.resolve("target/run/big"));
        var said = run("check-config " + good, "check-config " + shipped);
        assertThat(said.get(0)).isEqualTo("0 millrace: " + good + ": good, with 0 pools, 2 workers and 0 sources\n");
        assertThat(said.get(1)).isEqualTo("0 millrace: " + shipped + ": good, with 1 pool, 5 workers and 2 sources\n");
    }
}
