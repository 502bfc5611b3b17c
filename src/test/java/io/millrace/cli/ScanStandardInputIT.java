// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.CachedFile;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code scan -}: what {@code sha256sum -} prints, whatever descriptor 0 is. */
class ScanStandardInputIT {
    private static final int BYTES = (5 << 20) + 7;

    @TempDir
    Path directory;

    @BeforeEach
    void write() throws Exception {
        var unused = CachedFile.random(directory.resolve("in"), BYTES, 1);
    }

    /** Runs it in the directory, with {@code scan} and the arguments in {@code "$@"}, and the file as {@code in}. */
    private ChildJvm.Result shell(String script, String... arguments) throws Exception {
        var words = new ArrayList<String>(List.of("scan"));
        words.addAll(Arrays.asList(arguments));
        return ChildJvm.of(Main.class, words.toArray())
                .under("bash", "-c", "cd " + directory + "; " + script, "bash")
                .run();
    }

    private String run(String script) throws Exception {
        return Command.run("bash", "-c", "cd " + directory + "; " + script);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"$@\" < in",
                "cat in | \"$@\"",
                "(sleep 1; cat in) | \"$@\"",
                "exec \"$@\" < <(dd if=in bs=777 status=none)"
            })
    void printsWhatSha256sumPrints(String script) throws Exception {
        var result = shell(script, "--digest=sha256", "-");
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).isEqualTo(run("sha256sum - < in"));
        assertThat(result.err()).startsWith("millrace: read 1 file, 5.00 MiB in ");
    }

    @Test
    void leavesAColdFileCold() throws Exception {
        var cold = CachedFile.random(directory.resolve("cold"), 20 << 20, 2).evicted();
        var result = shell("\"$@\" < cold", "--digest=md5,sha1", "-");
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(cold.residentBytes()).as("left behind").isZero();
        assertThat(result.out().lines().toList().get(0))
                .startsWith("SHA1 (-) = " + run("sha1sum cold").split(" ")[0]);
    }

    @Test
    void hasEveryFormat() throws Exception {
        String md5 = run("md5sum < in").split(" ")[0];
        assertThat(shell("cat in | \"$@\"", "--digest=md5", "--format=bsd", "-").out())
                .isEqualTo("MD5 (-) = " + md5 + "\n");
        assertThat(shell("cat in | \"$@\"", "--digest=xxh3", "-").out()).startsWith("XXH3 (-) = ");
        String json = shell("cat in | \"$@\"", "--digest=md5", "--json", "-").out();
        assertThat(json.lines().toList().get(0))
                .startsWith("{\"type\":\"file\",\"path\":\"-\",\"bytes\":" + BYTES + ",\"digests\":{\"md5\":\"" + md5
                        + "\"},\"workers\":[],")
                .endsWith("\"changed\":false,\"error\":null}");
        assertThat(json.lines().toList().get(1)).contains("\"files\":1,\"failed\":0", "\"bytes\":" + BYTES);
        assertThat(shell("cat in | \"$@\"", "-").out()).as("only read").isEmpty();
    }

    @Test
    void takesItsPlaceAmongFiles() throws Exception {
        Files.writeString(directory.resolve("b"), "b");
        Files.writeString(directory.resolve("-"), "a file of that name");
        var result = shell("(sleep 1; cat in) | \"$@\"", "--digest=md5", "b", "-", "./-", "in");
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).isEqualTo(run("cat in | md5sum b - ./- in"));
        var sorted = shell("\"$@\" < in", "--digest=md5", "--sort", "b", "-", "in");
        assertThat(sorted.out()).isEqualTo(run("md5sum - b in < in"));
        var listed = shell("echo - | \"$@\"", "--digest=md5", "--files-from=-");
        assertThat(listed.out())
                .as("a list holds names")
                .isEqualTo(run("md5sum ./-").replace("./", ""));
    }

    @Test
    void readsAFileFromWhereItStands() throws Exception {
        var result = shell("(dd bs=10 count=1 status=none > /dev/null; \"$@\"; wc -c) < in", "--digest=md5", "-");
        assertThat(result.out()).as(result.toString()).isEqualTo(run("tail -c +11 in | md5sum") + "0\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"$@\" < /            | Is a directory (EISDIR)",
                "\"$@\" 0> written     | Bad file descriptor (EBADF)",
                "\"$@\" 0> >(sleep 30) | Bad file descriptor (EBADF)"
            })
    void saysWhyItCannotBeRead(String script, String why) throws Exception {
        var result = shell(script, "--digest=md5", "--json", "-", "in");
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err()).startsWith("millrace: standard input: read: " + why + "\n");
        assertThat(result.out().lines().toList().get(0))
                .contains("\"path\":\"-\"", "\"error\":\"standard input: read: " + why);
        assertThat(result.out().lines().toList().get(1)).contains("\"path\":\"in\"", "\"error\":null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-;-                | -: standard input can be read only once",
                "--exec;wc -c;-     | -: standard input cannot be given to --exec or --worker, only to digests",
                "--worker;x;in;-    | -: standard input cannot be given to --exec or --worker, only to digests"
            })
    void refusesWhatCannotBeDone(String arguments, String why) throws Exception {
        var result = shell("\"$@\" < in", arguments.split(";"));
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(2);
        assertThat(result.err()).startsWith("millrace: " + why).hasLineCount(1);
    }

    @Test
    void stopsWhenItIsToldToThoughNothingComes() throws Exception {
        String script = "set -m; mkfifo p; exec 3<> p; \"$@\" < p 2> err & p=$!; echo -n before >&3;"
                + " until grep -q '1 file ' err; do sleep 0.05; done; kill -TERM $p; wait $p; exit $?";
        var result = shell(script, "--digest=md5", "in", "-", "--progress=always");
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(143);
        assertThat(Files.readString(directory.resolve("err"))).contains("millrace: stopped after 1 file, ");
        assertThat(result.out()).as("not of what is not whole").hasLineCount(1).endsWith("  in\n");
    }

    @Test
    void readsAPipeNoFasterThanItsRate() throws Exception {
        long start = System.nanoTime();
        var result = shell("cat in | \"$@\"", "--rate=4MiB/s", "--digest=crc32c", "--progress=always", "-");
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(System.nanoTime() - start).isGreaterThan(1_000_000_000L);
        assertThat(result.err()).containsPattern("0 files  [\\d.]+ MiB  [\\d.]+ [KM]iB/s");
    }
}
