// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.CachedFile;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
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
        return terminal("xterm", columns, options, paths);
    }

    private String terminal(String kind, int columns, String options, Object... paths) throws Exception {
        Command.assumeExists("script");
        Path typescript = directory.resolve("typescript");
        String command = "stty cols " + columns + "; exec \"$@\" > " + directory.resolve("out");
        Object[] arguments = new Object[3 + paths.length];
        arguments[0] = "scan";
        arguments[1] = "--digest=md5";
        arguments[2] = options;
        System.arraycopy(paths, 0, arguments, 3, paths.length);
        Path script = Files.writeString(directory.resolve("script.sh"), command);
        var result = ChildJvm.of(Main.class, arguments)
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
                        "\r\033\\[K\\[=+> +\\] +\\d+%  1 file  [\\d.]+ MiB of 24.0 MiB  [\\d.]+ [KM]iB/s  \\d:\\d\\d left");
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
        assertThat(terminal("dumb", 80, "--rate=4MiB", file.path()))
                .contains("millrace: read 1 file")
                .doesNotContain("\033", "%");
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
