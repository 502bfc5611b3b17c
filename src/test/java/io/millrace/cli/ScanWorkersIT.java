// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code scan --exec}: what is said of workers, to people and to programs. */
class ScanWorkersIT {
    private static final int BIG_BYTES = 5_000_000;

    @TempDir
    private Path directory;

    private Path tree;

    @BeforeEach
    void write() throws Exception {
        tree = Files.createDirectory(directory.resolve("tree"));
        Files.writeString(tree.resolve("small"), "one\ntwo\n");
        Files.write(tree.resolve("empty"), new byte[0]);
        byte[] random = new byte[BIG_BYTES];
        new Random(1).nextBytes(random);
        Files.write(tree.resolve("big"), random);
    }

    private static ChildJvm.Result scan(Object... arguments) throws Exception {
        var all = new ArrayList<Object>(List.of("scan"));
        all.addAll(Arrays.asList(arguments));
        return ChildJvm.of(Main.class, all.toArray()).run();
    }

    /** A shell script to be run by its path. */
    private Path script(String name, String... lines) throws Exception {
        Path script = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Map<String, Object> file(List<Map<String, Object>> lines, Path path) {
        return lines.stream()
                .filter(line -> path.toString().equals(line.get("path")))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void everyWorkerAndEveryDigestGetsEveryByte(int parallel) throws Exception {
        var scan = scan(
                "--digest=sha256,md5",
                "--exec=sha256sum",
                "--exec=md5sum",
                "--exec=wc -c",
                "--parallel=" + parallel,
                "--json",
                tree);
        assertThat(scan.exitCode()).as(scan.toString()).isZero();
        var lines = Json.lines(scan.out());
        assertThat(lines).hasSize(4);
        for (var line : lines.subList(0, 3)) {
            var digests = Json.map(line.get("digests"));
            var workers = Json.maps(line.get("workers"));
            assertThat(workers).extracting("name").containsExactly("sha256sum", "md5sum", "wc -c");
            assertThat(workers.get(0)).containsEntry("output", digests.get("sha256") + "  -\n");
            assertThat(workers.get(1)).containsEntry("output", digests.get("md5") + "  -\n");
            assertThat(workers.get(2)).containsEntry("output", line.get("bytes") + "\n");
            assertThat(Command.run("sha256sum", line.get("path"))).startsWith((String) digests.get("sha256"));
        }
        assertThat(lines.get(3)).containsEntry("type", "summary").containsEntry("workers_failed", 0L);
    }

    @Test
    void sumsCanStillBeCheckedWithWhatWorkersSaidBetweenThem() throws Exception {
        Path says = script("says", "cat > /dev/null", "echo '0123  nothing'");
        Files.writeString(tree.resolve("new\nline \\ # and \033"), "x");
        var scan = scan("--digest=sha256", "--exec=wc -c", "--exec=" + says, tree);
        assertThat(scan.exitCode()).as(scan.toString()).isZero();
        assertThat(scan.out())
                .contains("# " + tree + "/small: wc -c: 8\n")
                .contains("# " + tree + "/small: " + says + ": 0123  nothing\n")
                .contains("# " + tree + "/new\\012line \\\\ # and \\033: wc -c: 1\n");
        Path sums = Files.writeString(directory.resolve("SUMS"), scan.out());
        String said = Command.run("sha256sum", "--strict", "-c", sums);
        assertThat(said.lines()).as(said).hasSize(4).allMatch(line -> line.endsWith(": OK"));
        var bsd = scan("--digest=sha256", "--format=bsd", "--exec=wc -c", tree.resolve("small"));
        Files.writeString(sums, bsd.out());
        assertThat(Command.run("sha256sum", "-c", sums)).endsWith(": OK\n");
        var plain = scan("--exec=wc -c", tree.resolve("small"));
        assertThat(plain.out()).isEqualTo(tree + "/small: wc -c: 8\n");
    }

    @Test
    void jsonTellsHowEachWorkerFared() throws Exception {
        Path fails = script("fails", "cat > /dev/null", "echo said", "exit 3");
        Path dies = script("dies", "cat > /dev/null", "kill -9 $$");
        Path leaves = script("leaves", "exit 0");
        var scan = scan(
                "--json", "--retries=1", "--exec=" + fails, "--exec=" + dies, "--exec=" + leaves, tree.resolve("big"));
        assertThat(scan.exitCode()).as(scan.toString()).isEqualTo(1);
        var lines = Json.lines(scan.out());
        assertThat(lines.get(0))
                .containsOnlyKeys("type", "path", "bytes", "digests", "workers", "seconds", "changed", "error")
                .containsEntry("bytes", (long) BIG_BYTES)
                .containsEntry("error", null);
        var workers = Json.maps(lines.get(0).get("workers"));
        assertThat(workers)
                .allSatisfy(worker ->
                        assertThat(worker).containsOnlyKeys("name", "outcome", "exit", "output", "reason", "attempts"));
        assertThat(workers.get(0))
                .containsEntry("name", fails.toString())
                .containsEntry("outcome", "failed")
                .containsEntry("exit", 3L)
                .containsEntry("output", "said\n")
                .containsEntry("reason", "exit code 3")
                .containsEntry("attempts", 1L);
        assertThat(workers.get(1))
                .containsEntry("outcome", "crashed")
                .containsEntry("exit", null)
                .containsEntry("attempts", 2L);
        assertThat((String) workers.get(1).get("reason")).startsWith("killed by signal 9");
        assertThat(workers.get(2))
                .containsEntry("outcome", "ended-early")
                .containsEntry("exit", 0L)
                .containsEntry("attempts", 2L);
        assertThat(lines.get(1)).containsEntry("files", 1L).containsEntry("workers_failed", 1L);
    }

    @Test
    void aFailureIsToldWithFileAndWorker() throws Exception {
        var scan = scan("--digest=sha256", "--exec=sh -c 'read line; cat > /dev/null; test \"$line\" = one'", tree);
        assertThat(scan.exitCode()).as(scan.toString()).isEqualTo(1);
        assertThat(scan.err())
                .contains("millrace: " + tree
                        + "/empty: sh -c 'read line; cat > /dev/null; test \"$line\" = one': failed: exit code 1\n")
                .contains("millrace: " + tree + "/big: sh -c ")
                .doesNotContain(tree + "/small: ")
                .contains("read 3 files, ", "; 2 failed at a worker");
        assertThat(scan.out().lines()).hasSize(3);
    }

    @Test
    void whatAWorkerWritesCannotHarmATerminal() throws Exception {
        Path rude = script(
                "rude",
                "printf 'ok\\033[2J\\rmillrace: all is well\\n\\377\\n' >&2",
                "printf '\\033]0;title\\007\\n'",
                "printf '\\342\\200\\256\\n'",
                "cat > /dev/null");
        var scan = scan("--digest=sha256", "--exec=" + rude, tree.resolve("small"));
        assertThat(scan.exitCode()).as(scan.toString()).isZero();
        assertThat((scan.out() + scan.err()).codePoints())
                .as(scan.toString())
                .allMatch(point -> point == '\n' || (point >= ' ' && point < 0x7f));
        assertThat(scan.err()).containsPattern("(?m)^millrace: " + rude + "\\[\\d+\\]: ok\\\\033\\[2J$");
        assertThat(scan.err()).containsPattern("(?m)^millrace: " + rude + "\\[\\d+\\]: millrace: all is well$");
        assertThat(scan.err()).containsPattern("(?m)^millrace: " + rude + "\\[\\d+\\]: \\\\377$");
        assertThat(scan.err().lines()).allMatch(line -> line.startsWith("millrace: "));
        assertThat(scan.out())
                .contains("# " + tree + "/small: " + rude + ": \\033]0;title\\007\n")
                .contains(": \\342\\200\\256\n");
    }

    @Test
    void aCommandWithControlCharactersIsNamedHarmlessly() throws Exception {
        var scan = scan("--exec=echo 'a\033b\nc'", tree.resolve("small"));
        assertThat(scan.out().lines()).as(scan.toString()).allMatch(line -> line.startsWith(tree + "/small: echo"));
        assertThat(scan.out() + scan.err()).doesNotContain("\033");
    }

    @Test
    void theRateHoldsForWorkersToo() throws Exception {
        Path file = tree.resolve("big");
        var scan = scan("--rate=2MB/s", "--slow=detach", "--exec=wc -c", "--exec=cat", "--json", file);
        assertThat(scan.exitCode()).as(scan.toString()).isEqualTo(1); // cat says too much
        var lines = Json.lines(scan.out());
        assertThat((double) lines.get(0).get("seconds")).as(scan.toString()).isGreaterThan(1.2);
        var workers = Json.maps(lines.get(0).get("workers"));
        assertThat(workers.get(0)).containsEntry("outcome", "done").containsEntry("output", BIG_BYTES + "\n");
        assertThat(workers.get(1)).containsEntry("outcome", "too-much-output");
    }

    @Test
    void aSlowRateDetachesNobody() throws Exception {
        Path file = directory.resolve("rated");
        byte[] bytes = new byte[2_000_000];
        new Random(2).nextBytes(bytes);
        Files.write(file, bytes);
        var scan = scan(
                "--rate=500kB",
                "--read-size=256KiB",
                "--slow=detach",
                "--digest=sha256",
                "--exec=wc -c",
                "--json",
                file);
        assertThat(scan.exitCode()).as(scan.toString()).isZero();
    }

    @Test
    void pathsMayComeFromAList() throws Exception {
        Path list =
                Files.writeString(directory.resolve("list"), tree + "/small\0" + tree + "/empty\0" + tree + "/no\0");
        var scan = scan("--files-from", list, "-0", "--exec=wc -c", "--exec=wc -l");
        assertThat(scan.exitCode()).as(scan.toString()).isEqualTo(1);
        assertThat(scan.out())
                .isEqualTo(tree + "/small: wc -c: 8\n" + tree + "/small: wc -l: 2\n" + tree + "/empty: wc -c: 0\n"
                        + tree + "/empty: wc -l: 0\n");
        assertThat(scan.err()).contains("No such file or directory");
    }

    @Test
    void manyFilesAtAProgramThatFailsEndSoon() throws Exception {
        Path many = Files.createDirectory(directory.resolve("many"));
        for (int i = 0; i < 60; i++) {
            Files.writeString(many.resolve("file-" + i), "x");
        }
        var no = scan("--exec=false", many);
        assertThat(no.exitCode()).as(no.toString()).isEqualTo(1);
        assertThat(no.err().lines().filter(line -> line.contains(": false: failed: exit code 1")))
                .hasSize(60);
        Path orphan = Files.writeString(directory.resolve("orphan"), "#!/no/such/interpreter\n");
        assertThat(orphan.toFile().setExecutable(true)).isTrue();
        var missing = scan("--exec=" + orphan + " -x", "--exec=wc -c", many);
        assertThat(missing.exitCode()).as(missing.toString()).isEqualTo(1);
        assertThat(missing.err())
                .contains(orphan + " -x: not-started: ")
                .contains(orphan + " -x: quarantined: ")
                .contains(orphan + " -x: quarantined: ");
        assertThat(missing.out().lines()).hasSize(60).allMatch(line -> line.endsWith(": wc -c: 1"));
    }
}
