// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.IoPriority.IoClass;
import io.millrace.posix.IoPriority;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.testkit.Command;
import io.millrace.testkit.Leftovers;
import io.millrace.testkit.TestWorker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a worker's process finds around it, which is what is documented and nothing else of ours. */
class ChildViewIT {
    private static final String PATH = System.getenv("PATH");

    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    private Path empty;

    @BeforeEach
    void writeFile() throws Exception {
        empty = Files.createFile(directory.resolve("empty"));
    }

    /** The output, line by line, of a worker that need not read anything: its file is empty. */
    private List<String> said(TestWorker subject) throws Exception {
        try (var pool = subject.pool()) {
            var run = ScanRun.with(DigestAlgorithm.CRC32C).feeding(pool);
            assertThat(run.of(empty).isGood()).as(run.results().toString()).isTrue();
            return run.result().workers().get(0).output().lines().toList();
        }
    }

    @Test
    void hasItsThreeStreamsAndNoOtherDescriptor() throws Exception {
        var lines = said(TestWorker.perFile("ls", "-l", "/proc/self/fd")).stream()
                .filter(line -> line.contains(" -> "))
                .map(line -> line.replaceAll(".* (\\d+ -> )", "$1").replaceAll("\\[\\d+\\]", ""))
                .toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.subList(0, 3)).containsExactly("0 -> pipe:", "1 -> pipe:", "2 -> pipe:");
        assertThat(lines.get(3)).as("what ls reads").matches("3 -> /proc/\\d+/fd");
    }

    @Test
    void hasATerminalInPlaceOfTwoPipes() throws Exception {
        var lines = said(TestWorker.perFile("ls", "-l", "/proc/self/fd").onTerminal()).stream()
                .filter(line -> line.contains(" -> "))
                .map(line -> line.strip().replaceAll(".* (\\d+ -> )", "$1"))
                .toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).matches("0 -> '?pipe:.*");
        assertThat(lines.get(1)).matches("1 -> /dev/pts/\\d+");
        assertThat(lines.get(2)).isEqualTo("2" + lines.get(1).substring(1));
    }

    @Test
    void findsTheDocumentedEnvironment() throws Exception {
        assertThat(said(TestWorker.perFile("env").variable("MORE", "a b")))
                .containsExactlyInAnyOrder(
                        "PATH=" + PATH,
                        "LANG=C.UTF-8",
                        "MILLRACE_PATH=" + empty,
                        "MILLRACE_BYTES=0",
                        "MILLRACE_SCAN=test",
                        "MORE=a b");
    }

    @Test
    void findsTermOnATerminalToo() throws Exception {
        assertThat(said(TestWorker.perFile("env").onTerminal()))
                .containsExactlyInAnyOrder(
                        "PATH=" + PATH,
                        "LANG=C.UTF-8",
                        "TERM=xterm",
                        "MILLRACE_PATH=" + empty,
                        "MILLRACE_BYTES=0",
                        "MILLRACE_SCAN=test");
    }

    @Test
    void persistentOnesFindNothingOfAnyFile() throws Exception {
        String looks = said(TestWorker.habit("looks").in(directory)).get(0);
        assertThat(looks)
                .contains("\"environ\":[\"LANG=C.UTF-8\",\"PATH=" + PATH + "\"]")
                .as("the third is the listing's own")
                .contains("\"descriptors\":[\"0\",\"1\",\"2\",\"3\"]")
                .contains("\"cwd\":\"" + directory.toRealPath() + "\"")
                .contains("SigBlk:\\t0000000000000000");
    }

    @Test
    void hasAllSignalsAtTheirDefaults() throws Exception {
        var status = said(TestWorker.perFile("cat", "/proc/self/status"));
        assertThat(status)
                .contains(
                        "SigBlk:\t0000000000000000",
                        "SigIgn:\t0000000000000000",
                        "SigCgt:\t0000000000000000",
                        "SigPnd:\t0000000000000000");
    }

    @Test
    void leadsAProcessGroupOfItsOwn() throws Exception {
        for (boolean terminal : List.of(false, true)) {
            var worker = TestWorker.perFile("cat", "/proc/self/stat");
            String stat = said(terminal ? worker.onTerminal() : worker).get(0);
            String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            String pid = stat.substring(0, stat.indexOf(' '));
            assertThat(words[2]).as("process group").isEqualTo(pid);
            assertThat(words[3].equals(pid)).as("leads a session").isEqualTo(terminal);
        }
    }

    @Test
    void yieldsAsConfigured() throws Exception {
        Command.assumeExists("ionice");
        // A moment later, for it starts first and yields then.
        var said = said(TestWorker.sh("sleep 0.3; nice; ionice; sh -c 'nice; ionice'")
                .yielding(7, new IoPriority(IoClass.BEST_EFFORT, 6)));
        assertThat(said).containsExactly("7", "best-effort: prio 6", "7", "best-effort: prio 6");
    }

    @Test
    void startsWhereItIsTold() throws Exception {
        var here = said(TestWorker.perFile("pwd", "-P"));
        var there = said(TestWorker.perFile("pwd", "-P").in(directory));
        assertThat(here).containsExactly(Path.of("").toRealPath().toString());
        assertThat(there).containsExactly(directory.toRealPath().toString());
    }

    @Test
    void getsItsArgumentsAsTheyAre() throws Exception {
        String[] words = {"printf", "%s\\n", "a b", "", "*", "$HOME", "'", "\\"};
        assertThat(said(TestWorker.perFile(words)))
                .isEqualTo(Arrays.asList(words).subList(2, words.length));
    }
}
