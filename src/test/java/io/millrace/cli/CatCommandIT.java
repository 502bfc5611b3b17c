// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.CachedFile;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import io.millrace.testkit.Shim.Disturbance;
import io.millrace.testkit.Shim;
import io.millrace.testkit.Undisturbed;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes of files, wherever standard output leads. */
class CatCommandIT {
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    Path directory;

    private Path out() {
        return directory.resolve("out");
    }

    /** {@code script} has the command in {@code "$@"} and writes to the file of {@link #out}. */
    private ChildJvm shell(String script, Object... arguments) {
        var words = new ArrayList<Object>(List.of("cat"));
        words.addAll(Arrays.asList(arguments));
        return ChildJvm.of(Main.class, words.toArray())
                .under("bash", "-c", "out=" + out() + "; " + script + "; exit ${PIPESTATUS[0]}", "bash");
    }

    private void assertSame(byte[] expected) throws Exception {
        byte[] said = Files.readAllBytes(out());
        assertThat(said.length).isEqualTo(expected.length);
        assertThat(Arrays.mismatch(said, expected)).isEqualTo(-1);
    }

    private byte[] contents(Path... files) throws Exception {
        var all = new ByteArrayOutputStream();
        for (Path file : files) {
            all.writeBytes(Files.readAllBytes(file));
        }
        return all.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"$@\" | cat > $out", "\"$@\" > $out", "\"$@\" | (sleep 1; cat) > $out"})
    void writesFilesIntoPipesAndFilesAndLeavesNothing(String script) throws Exception {
        var cold = CachedFile.random(directory.resolve("cold"), 40 * MEGABYTE + 1, 1)
                .evicted();
        var sparse = CachedFile.sparse(directory.resolve("sparse"), 60 << 20, 2, 0, 33 << 20)
                .evicted();
        var empty = Files.createFile(directory.resolve("empty"));
        var result = shell(script, cold.path(), empty, sparse.path()).run();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.err()).startsWith("millrace: sent 3 files, ").hasLineCount(1);
        assertThat(cold.residentBytes() + sparse.residentBytes())
                .as("left behind")
                .isZero();
        assertSame(contents(cold.path(), sparse.path()));
    }

    @Test
    void keepsWhatWasHot() throws Exception {
        Undisturbed.run(() -> {
            var file = CachedFile.random(directory.resolve("file"), 40 * MEGABYTE, 1)
                    .evicted();
            var unused = Command.run("dd", "if=" + file.path(), "of=/dev/null", "bs=1M", "skip=10", "count=8");
            long hot = file.settledBytes();
            assertThat(hot).isGreaterThanOrEqualTo(7L * MEGABYTE);
            var result = shell("\"$@\" | cat > /dev/null", file.path()).run();
            assertThat(result.exitCode()).as(result.toString()).isZero();
            assertThat(file.residentBytes()).isLessThanOrEqualTo(hot);
            file.assertKept(hot);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "0:0,0,0",
        "0:1,0,1",
        "1:4096,1,4096",
        "4095:8MiB,4095,8388608",
        "9MiB:100MiB,9437184,1048581",
        "10MiB:5,10485760,5",
        "10MiB:6,10485760,5",
        "1TiB:1GiB,0,0"
    })
    void writesARangeAsFarAsTheFileHasIt(String range, int offset, int length) throws Exception {
        var file = CachedFile.random(directory.resolve("file"), 10 * MEGABYTE + 5, 1)
                .evicted();
        byte[] all = Files.readAllBytes(file.path());
        var unused = file.evicted();
        for (String script : List.of("\"$@\" | cat > $out", "\"$@\" > $out")) {
            var result = shell(script, "--range", range, file.path()).run();
            assertThat(result.exitCode()).as(result.toString()).isZero();
            assertSame(Arrays.copyOfRange(all, offset, offset + length));
        }
    }

    @Test
    void goesOnAfterAFileThatIsNotThere() throws Exception {
        var one = Files.writeString(directory.resolve("one"), "1");
        var two = Files.writeString(directory.resolve("two"), "2");
        Path missing = directory.resolve("missing");
        var result = shell("\"$@\" > $out", one, missing, directory, "/proc/self/maps", two)
                .run();
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err().lines())
                .containsExactly(
                        "millrace: " + missing + ": open: No such file or directory (ENOENT)",
                        "millrace: " + directory + ": is a directory, not a regular file",
                        "millrace: /proc/self/maps: holds no stored bytes, being on proc",
                        "millrace: sent 2 files, 2 B; 3 failed; page cache: 2 B hot before, 2 B of it after, 0 B left behind");
        assertSame("12".getBytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--range=0:90MiB", "--cache=keep", "--cache=drop"})
    void endsInSilenceWhenNobodyReads(String option) throws Exception {
        var file = CachedFile.random(directory.resolve("file"), 100L * MEGABYTE, 1);
        var result =
                shell("\"$@\" | head -c 100000 > $out", option, file.path()).run();
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(141);
        assertThat(result.err()).isEmpty();
        assertThat(Files.size(out())).isEqualTo(100_000);
    }

    @Test
    void copiesWhereTheFileSystemCannotSplice() throws Exception {
        Command.assumeExists("strace");
        var cold = CachedFile.random(directory.resolve("cold"), 20 * MEGABYTE + 9, 1)
                .evicted();
        var sparse = CachedFile.sparse(directory.resolve("sparse"), 40 << 20, 2, 33 << 20);
        Path log = directory.resolve("log");
        var result = shell("\"$@\" | cat > $out", cold.path(), sparse.path())
                .under("strace", "-f", "-qq", "--seccomp-bpf", "-o", log.toString())
                .under("-e", "trace=splice", "-e", "inject=splice:error=EINVAL")
                .run();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(Files.readString(log)).contains("(INJECTED)");
        assertThat(cold.residentBytes()).isZero();
        assertSame(contents(cold.path(), sparse.path()));
    }

    @ParameterizedTest
    @CsvSource({"\"$@\" | cat > $out,BOTH", "\"$@\" > $out,BOTH"})
    void noticesNoInterruptionAndNoShortTransfer(String script, Disturbance disturbance) throws Exception {
        var file = CachedFile.random(directory.resolve("file"), 6 * MEGABYTE + 9, 1);
        var sparse = CachedFile.sparse(directory.resolve("sparse"), 5 << 20, 2, 2 << 20);
        var result = Shim.in(directory)
                .around(shell(script, file.path(), sparse.path()), disturbance)
                .run();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertSame(contents(file.path(), sparse.path()));
    }

    @Test
    void stopsWhenItIsToldToWhileNobodyTakesFromThePipe() throws Exception {
        var file =
                CachedFile.random(directory.resolve("file"), 64 * MEGABYTE, 1).evicted();
        String script = "set -m; mkfifo $out; exec 3<> $out; \"$@\" >&3 & p=$!;"
                + " until ls -l /proc/$p/fd 2> /dev/null | grep -q " + file.path() + "; do sleep 0.02; done; sleep 0.3;"
                + " kill -TERM $p; wait $p; exit $?";
        var result = shell(script, file.path()).run();
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(143);
        assertThat(file.residentBytes()).as("what sits in the pipe stays").isLessThanOrEqualTo(4L * MEGABYTE);
    }
}
