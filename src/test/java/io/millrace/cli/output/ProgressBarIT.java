// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.Main;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bar as a terminal receives it: script(1) is the terminal. */
class ProgressBarIT {
    private static final String ERASE = "\r\033[K";

    @TempDir
    Path directory;

    /** What a terminal of so many columns is sent on standard error; standard output goes to a file. */
    private String terminal(int columns, String options, Object... paths) throws Exception {
        return terminal("xterm", columns, directory.resolve("out").toString(), options, paths);
    }

    private String terminal(String kind, int columns, String out, String options, Object... paths) throws Exception {
        var words = new ArrayList<Object>(List.of("scan", "--digest=md5", options));
        words.addAll(List.of(paths));
        return run(kind, columns, out, words);
    }

    private String run(String kind, int columns, String out, List<Object> words) throws Exception {
        Command.assumeExists("script");
        Path typescript = directory.resolve("typescript");
        String command = "stty cols " + columns + "; exec \"$@\" > " + out;
        Path script = Files.writeString(directory.resolve("script.sh"), command);
        var result = ChildJvm.of(Main.class, words.toArray())
                .under(
                        "bash",
                        "-c",
                        "export SHELL=/bin/bash; script -qec \"bash " + script + " $(printf '%q ' \"$@\")\" "
                                + typescript + " > /dev/null",
                        "bash")
                .environment("TERM", kind)
                .run();
        assertThat(result.err()).as(result.toString()).isEmpty();
        String seen = Files.readString(typescript);
        return seen.substring(seen.indexOf('\n') + 1, seen.lastIndexOf("\nScript done"));
    }

    @Test
    void isDrawnAgainOnOneLineAndRemovedAtTheEnd() throws Exception {
        var file = CachedFile.random(directory.resolve("file"), 24 << 20, 1);
        String seen = terminal(100, "--rate=10MiB", file.path(), directory.resolve("missing"));
        String[] drawn = seen.split("\r\033\\[K", -1);
        assertThat(drawn).as(seen).hasSizeGreaterThan(4);
        assertThat(seen)
                .containsPattern(
                        "\r\033\\[K\\[=+> +\\] +\\d+%  file \\d of 2  [\\d.]+ MiB of 24.0 MiB  [\\d.]+ [KM]iB/s  \\d:\\d\\d left");
        for (String line : drawn) {
            String bar = line.split("\n")[0].stripTrailing();
            if (!bar.startsWith("millrace: ")) {
                assertThat(bar.length()).as(bar).isLessThan(100);
                assertThat(line).as("nothing scrolls but messages").doesNotContain("\n%");
            }
        }
        String end = seen.substring(seen.lastIndexOf(ERASE) + ERASE.length());
        assertThat(end)
                .as("after the bar was erased")
                .contains("millrace: read 1 file, 24.0 MiB")
                .doesNotContain("[=");
        assertThat(seen).containsPattern("\033\\[Kmillrace: .*missing: .*\\(ENOENT\\)\r\n");
    }

    /** What is left of each line once the terminal has drawn it. */
    private static List<String> screen(String sent) {
        return sent.replace(ERASE, "\033")
                .lines()
                .map(line -> line.substring(line.lastIndexOf("\033") + 1).stripTrailing())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 80, 120})
    void isErasedBeforeResultsOnTheSameTerminal(int columns) throws Exception {
        var big = CachedFile.random(directory.resolve("big"), 12 << 20, 1);
        var small = CachedFile.random(directory.resolve("small"), 1 << 20, 2);
        String seen = terminal(columns, "--rate=10MiB", small.path(), big.path());
        String both = terminal("xterm", columns, "/dev/tty", "--rate=10MiB", small.path(), big.path());
        assertThat(seen).contains(" left");
        assertThat(both).contains(" left");
        for (Path file : List.of(small.path(), big.path())) {
            String sum = Command.run("md5sum", file).strip();
            assertThat(screen(both)).as(both).contains(sum);
        }
    }

    @Test
    void showsTheTimeLeftBeforeAnythingElse() {
        long mebibyte = 1 << 20;
        for (int columns = 12; columns < 120; columns++) {
            String line = ProgressBar.line(57.1 * mebibyte, 240 * mebibyte, "file 1 of 6", 1800 * mebibyte, columns);
            assertThat(line).startsWith(columns < 60 ? " 13%" : "").hasSizeLessThanOrEqualTo(columns);
            assertThat(columns < 16 || line.endsWith("0:27 left")).as(line).isTrue();
        }
        assertThat(ProgressBar.line(57.1 * mebibyte, 240 * mebibyte, "file 1 of 6", 1800 * mebibyte, 39))
                .isEqualTo(" 13%  240 MiB of 1.76 GiB  0:27 left");
        assertThat(ProgressBar.line(57.1 * mebibyte, 240 * mebibyte, "file 1 of 6", 1800 * mebibyte, 79))
                .contains(" 13%  file 1 of 6  240 MiB of 1.76 GiB  57.1 MiB/s  0:27 left");
    }

    @Test
    void theFileUnderWayIsTheNextAndNeverBeyondTheLast() {
        assertThat(ProgressBar.files(0, 6)).isEqualTo("file 1 of 6");
        assertThat(ProgressBar.files(5, 6)).isEqualTo("file 6 of 6");
        assertThat(ProgressBar.files(6, 6)).isEqualTo("file 6 of 6");
        assertThat(ProgressBar.files(0, 0)).isEqualTo("0 files");
        assertThat(ProgressBar.files(1, 0)).isEqualTo("1 file");
    }

    @Test
    void fitsANarrowTerminal() throws Exception {
        var file = CachedFile.random(directory.resolve("file"), 12 << 20, 1);
        String seen = terminal(30, "--rate=10MiB", file.path());
        for (String line : seen.split("\r\033\\[K|\r?\n")) {
            if (!line.startsWith("millrace: ")) {
                assertThat(line.length()).as(line).isLessThan(30);
            }
        }
    }

    @Test
    void isNotDrawnOnADumbTerminal() throws Exception {
        var file = CachedFile.random(directory.resolve("file"), 4 << 20, 3);
        assertThat(terminal("dumb", 80, directory.resolve("out").toString(), "--rate=4MiB", file.path()))
                .contains("millrace: read 1 file")
                .doesNotContain("\033", "%");
    }

    /** Neither over the bytes nor among them. */
    @Test
    void isDrawnForCatUnlessTheBytesGoToTheTerminalToo() throws Exception {
        Path text = Files.writeString(directory.resolve("text"), "0123456\n".repeat(200_000));
        Path missing = directory.resolve("missing");
        Path out = directory.resolve("out");
        List<Object> words = List.of("cat", "--rate=1MiB", text, missing);
        String seen = run("xterm", 100, out.toString(), words);
        assertThat(seen).containsPattern("\\[=+> *] +\\d+%  file 1 of 2  [\\d.]+ [KM]iB of 1.53 MiB  ");
        assertThat(screen(seen)).as(seen).anyMatch(line -> line.startsWith("millrace: " + missing + ": open: "));
        assertThat(seen.substring(seen.lastIndexOf(ERASE)))
                .contains("millrace: sent 1 file, 1.53 MiB")
                .doesNotContain("[=");
        assertThat(Files.mismatch(text, out)).isEqualTo(-1);
        String both = run("xterm", 100, "/dev/tty", words);
        assertThat(both).contains("0123456").doesNotContain("\033", "%");
    }

    @Test
    void isNotDrawnWhenItIsNotWanted() throws Exception {
        var file = CachedFile.random(directory.resolve("file"), 12 << 20, 1);
        assertThat(terminal(80, "--progress=never", file.path())).doesNotContain("\033", "%");
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "never"})
    void isNotDrawnInAPipe(String when) throws Exception {
        var file = CachedFile.random(directory.resolve("file"), 12 << 20, 1);
        var result = ChildJvm.of(Main.class, "scan", "--rate=10MiB", "--progress=" + when, file.path())
                .run();
        assertThat(result.err()).startsWith("millrace: read 1 file").doesNotContain("\033", "\r");
    }

    @Test
    void isDrawnInAPipeWhenItIsAskedForAndHasNoColours() throws Exception {
        var file = CachedFile.random(directory.resolve("file"), 12 << 20, 1);
        var result = ChildJvm.of(Main.class, "scan", "--rate=10MiB", "--progress=always", file.path())
                .environment("NO_COLOR", "1")
                .run();
        assertThat(result.err()).contains(ERASE + "[=").doesNotContainPattern("\033\\[[0-9;]*m");
    }
}
