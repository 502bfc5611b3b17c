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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code cat -}: the bytes of descriptor 0, whatever it is, and an end at once where there is reason for one. */
class CatStandardInputIT {
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    Path directory;

    /** Has the command in {@code "$@"}, and the files {@code $in} and {@code $out}. */
    private ChildJvm.Result shell(String script, Object... arguments) throws Exception {
        return child(script, arguments).run();
    }

    private ChildJvm child(String script, Object... arguments) {
        var words = new ArrayList<Object>(List.of("cat"));
        words.addAll(Arrays.asList(arguments));
        String names = "in=" + in() + "; out=" + out() + "; ";
        return ChildJvm.of(Main.class, words.toArray()).under("bash", "-c", names + script, "bash");
    }

    private Path in() {
        return directory.resolve("in");
    }

    private Path out() {
        return directory.resolve("out");
    }

    private void assertSent(byte[] expected) throws Exception {
        byte[] sent = Files.readAllBytes(out());
        assertThat(sent.length).isEqualTo(expected.length);
        assertThat(Arrays.mismatch(sent, expected)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"$@\" < $in > $out",
                "\"$@\" < $in | cat > $out",
                "cat $in | \"$@\" > $out",
                "cat $in | \"$@\" | cat > $out",
                "cat $in | \"$@\" | (sleep 1; cat) > $out",
                "(sleep 1; cat $in) | \"$@\" > $out",
                "exec \"$@\" < <(dd if=$in bs=777 status=none) > $out"
            })
    void passesOnWhatIsThere(String script) throws Exception {
        var file = CachedFile.random(in(), 5 * MEGABYTE + 7, 1);
        var result = shell(script, "-");
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.err()).startsWith("millrace: sent 1 file, 5.00 MiB");
        assertSent(Files.readAllBytes(file.path()));
    }

    @Test
    void takesItsPlaceAmongFiles() throws Exception {
        Path one = Files.writeString(directory.resolve("one"), "1");
        Path two = Files.writeString(directory.resolve("two"), "2");
        var result = shell("echo -n x | \"$@\" > $out", one, "-", two, "-");
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(Files.readString(out())).isEqualTo("1x2");
    }

    @Test
    void leavesAColdFileColdAndAHotOneHot() throws Exception {
        var cold = CachedFile.random(in(), 20 * MEGABYTE + 1, 1).evicted();
        var result = shell("\"$@\" < $in > $out", "-");
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(cold.residentBytes()).as("left behind").isZero();
        assertSent(Files.readAllBytes(cold.path()));
    }

    /** As cat(1) does: whoever reads next goes on there. */
    @ParameterizedTest
    @CsvSource({
        "'',10,90,0",
        "--range=10:20,20,20,60",
        "--range=0:0,10,0,90",
        "--range=85:20,95,5,0",
        "--range=200:5,0,0,90"
    })
    void readsAFileFromWhereItStands(String range, int from, int length, long rest) throws Exception {
        byte[] all = Files.readAllBytes(CachedFile.random(in(), 100, 1).path());
        Object[] arguments = range.isEmpty() ? new Object[] {"-"} : new Object[] {range, "-"};
        var result = shell("(dd bs=10 count=1 status=none > /dev/null; \"$@\" > $out; wc -c) < $in", arguments);
        assertSent(Arrays.copyOfRange(all, from, from + length));
        assertThat(result.out().strip()).as(result.toString()).isEqualTo(String.valueOf(rest));
    }

    @Test
    void takesNoMoreOfAPipeThanARange() throws Exception {
        byte[] all = Files.readAllBytes(CachedFile.random(in(), 100, 1).path());
        for (String to : List.of("> $out", "| cat > $out")) {
            var result = shell("cat $in | (\"$@\" " + to + "; wc -c)", "--range=10:20", "-");
            assertSent(Arrays.copyOfRange(all, 10, 30));
            assertThat(result.out().strip()).as(result.toString()).isEqualTo("70");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"$@\" < /            | Is a directory (EISDIR)",
                "\"$@\" 0> $out        | Bad file descriptor (EBADF)",
                "\"$@\" 0> >(sleep 30) | Bad file descriptor (EBADF)"
            })
    void saysWhyItCannotBeRead(String script, String why) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "later");
        var result = shell(script, "-", file);
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err()).startsWith("millrace: standard input: read: " + why + "\nmillrace: sent 1 file, 5 B");
        assertThat(result.out()).as("the next file").isEqualTo("later");
    }

    @Test
    void isEmptyWhereNothingComes() throws Exception {
        for (String script : List.of("\"$@\" < /dev/null", ": | \"$@\"", ": | \"$@\" | cat")) {
            var result = shell(script, "-");
            assertThat(result.exitCode()).as(result.toString()).isZero();
            assertThat(result.err()).startsWith("millrace: sent 1 file, 0 B");
        }
    }

    @Test
    void namesTheErrorAfterSomeBytes() throws Exception {
        Command.assumeExists("strace");
        Path log = directory.resolve("log");
        String script = "mkfifo $in; (head -c 300000 /dev/zero; sleep 1) > $in & exec strace -f -qq -o " + log
                + " -P $in -e trace=read -e inject=read:error=EIO:when=3 \"$@\" < $in > $out";
        var result = shell(script, "-");
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(Files.readString(log)).contains("(INJECTED)");
        assertThat(result.err())
                .contains("millrace: standard input: read: Input/output error (EIO)\n", "sent 0 files, ", "; 1 failed");
        assertThat(Files.size(out())).as("what came before").isPositive();
    }

    /** Both ends non-blocking, and slow, so that each is found empty or full. */
    @Test
    void waitsForNonBlockingEnds() throws Exception {
        Command.assumeExists("python3");
        byte[] all = Files.readAllBytes(CachedFile.random(in(), 300_000, 1).path());
        String nonBlocking = "python3 -c 'import os, sys; os.set_blocking(0, False); os.set_blocking(1, False);"
                + " os.execvp(sys.argv[1], sys.argv[1:])' \"$@\"";
        String slow = "(head -c 1000 $in; sleep 1; tail -c +1001 $in) | " + nonBlocking + " | (sleep 2; cat) > $out;"
                + " exit ${PIPESTATUS[1]}";
        var result = shell(slow, "-");
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertSent(all);
    }

    @Test
    void endsWhenItsReaderLeavesThoughNothingComes() throws Exception {
        String script = "mkfifo $in; exec 3<> $in; \"$@\" < $in | true; exit ${PIPESTATUS[0]}";
        var result = shell(script, "-");
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(141);
        assertThat(result.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"TERM,143", "INT,130", "HUP,129"})
    void stopsWhenItIsToldToThoughNothingComes(String signal, int exitCode) throws Exception {
        String script = "set -m; mkfifo $in; exec 3<> $in; \"$@\" < $in > $out & p=$!; echo -n before >&3;"
                + " until [ -s $out ]; do sleep 0.05; done; kill -" + signal + " $p; wait $p; exit $?";
        var result = shell(script, "-");
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(exitCode);
        assertThat(result.err()).startsWith("millrace: stopped after 0 files, 6 B");
        assertThat(Files.readString(out())).isEqualTo("before");
    }

    /** At the least as long as the rate allows, less its burst of a tenth of a second. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"$@\" < $in > $out",
                "\"$@\" < $in | cat > $out",
                "cat $in | \"$@\" > $out",
                "cat $in | \"$@\" | cat > $out"
            })
    void sendsNoFasterThanItsRate(String script) throws Exception {
        byte[] all = Files.readAllBytes(
                CachedFile.sparse(in(), 3 * MEGABYTE, 2, MEGABYTE).path());
        long start = System.nanoTime();
        var result = shell(script, "--rate=2MiB/s", "-");
        assertThat(System.nanoTime() - start).isGreaterThan(1_300_000_000L);
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertSent(all);
    }

    @Test
    void drawsABarOfWhatWasSent() throws Exception {
        var unused = CachedFile.random(in(), 4 * MEGABYTE, 1);
        var known = shell("\"$@\" < $in > $out", "--progress=always", "--rate=4MiB", "-");
        assertThat(known.err()).containsPattern("\\[=+> *] +\\d+%  file 1 of 1  [\\d.]+ MiB of 4.00 MiB  ");
        assertThat(known.err()).containsPattern("\r\033\\[Kmillrace: sent 1 file, 4.00 MiB[^\r\033]*\n$");
        var unknown = shell("cat $in | \"$@\" > $out", "--progress=always", "--rate=4MiB", "-");
        assertThat(unknown.err())
                .containsPattern("0 files  [\\d.]+ [KM]iB  [\\d.]+ [KM]iB/s")
                .doesNotContain("%");
        var part = shell("\"$@\" > $out", "--progress=always", "--rate=2MiB", "--range=1MiB:2MiB", in());
        assertThat(part.err()).contains(" of 2.00 MiB");
        var none = shell("\"$@\" > $out", "--rate=4MiB", in());
        assertThat(none.err()).as("no terminal").startsWith("millrace: sent").doesNotContain("\033");
    }
}
