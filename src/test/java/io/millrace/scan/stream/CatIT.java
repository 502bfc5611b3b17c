// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.Main;
import io.millrace.cli.output.ExitCode;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of {@code cat} when its output does not do as it should. */
class CatIT {
    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.write(directory.resolve("file"), new byte[3000]);
    }

    /** {@code script}: where {@code "$@"} stands for the program. */
    private static ChildJvm.Result shell(String script, Object... arguments) throws IOException, InterruptedException {
        var all = new ArrayList<Object>(List.of("cat"));
        all.addAll(List.of(arguments));
        return ChildJvm.of(Main.class, all.toArray())
                .under("bash", "-c", script, "bash")
                .run();
    }

    @Test
    void anErrorOfTheOutputIsTheEnd() throws Exception {
        var cat = shell("\"$@\" > /dev/full", file, file);
        assertThat(cat.exitCode()).isEqualTo(ExitCode.SOME_FAILED);
        assertThat(cat.err())
                .isEqualTo(
                        "millrace: standard output: write: No space left on device (ENOSPC)" + System.lineSeparator());
    }

    @Test
    void aReaderThatLeavesIsNoError() throws Exception {
        var cat = shell("\"$@\" | true; exit ${PIPESTATUS[0]}", file, directory.resolve("file"), file);
        assertThat(cat.exitCode()).isEqualTo(ExitCode.OUTPUT_CLOSED);
        assertThat(cat.err()).isEmpty();
    }

    @Test
    void anErrorOfAFileIsNotTheEnd() throws Exception {
        var cat = shell("\"$@\" | wc -c", directory.resolve("missing"), file);
        assertThat(cat.out().strip()).isEqualTo("3000");
        assertThat(cat.err()).contains("missing: open: ", "sent 1 file, 2.93 KiB; 1 failed");
    }

    /** The reader reads only once it knows that the program has ended: had that to wait, it would look every millisecond. */
    @Test
    void waitsForNobodyWhereNothingIsLetGo() throws Exception {
        Command.assumeExists("strace");
        Path ended = directory.resolve("ended");
        Path calls = directory.resolve("calls");
        String traced = "{ strace -f -qq -e trace=poll -o " + calls + " \"$@\"; touch " + ended
                + "; } | { for i in {1..600}; do " + "[ -e " + ended + " ] && break; sleep 0.1; done; wc -c; }";
        var cat = shell(traced, "--cache", "keep", file, file, file, file, file, file);
        assertThat(cat.out().strip()).as(cat.toString()).isEqualTo("18000");
        assertThat(Files.readAllLines(calls)).hasSizeLessThan(100);
    }
}
