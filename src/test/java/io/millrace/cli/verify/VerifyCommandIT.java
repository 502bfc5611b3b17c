// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.cli.Main;
import io.millrace.cli.SeveralCommands;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.io.BufferedWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace verify}: output, options, exit codes, and the page cache afterwards. */
class VerifyCommandIT {
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    Path directory;

    /** Of one command. */
    private record Said(int exitCode, String out, String err) {}

    @BeforeEach
    void openDirectory() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void write(String name, String content) throws Exception {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private String shell(String script) throws Exception {
        return Command.run("bash", "-c", "cd " + directory + "; " + script);
    }

    /** Runs {@code verify} with each of the lists of words, in the directory and one JVM. */
    private List<Said> verify(List<List<String>> commands) throws Exception {
        var words = new ArrayList<Object>();
        for (List<String> command : commands) {
            words.addAll(words.isEmpty() ? List.of("verify") : List.of("::", "verify"));
            words.addAll(command);
        }
        return split(ChildJvm.of(SeveralCommands.class, words.toArray())
                .under("env", "-C", directory.toString())
                .run());
    }

    private static List<Said> split(ChildJvm.Result result) {
        assertThat(result.exitCode()).as(result.toString()).isZero();
        String[] outs = result.out().split("(?<===) (?=\\d+\n)");
        var said = new ArrayList<Said>();
        String[] errs = result.err().split("(?m)^== \\d+\n");
        String out = outs[0];
        for (int i = 1; i < outs.length; i++) {
            String next = outs[i];
            int line = next.indexOf('\n');
            int exitCode = Integer.parseInt(next.substring(0, line));
            said.add(new Said(exitCode, out.substring(0, out.length() - 2), errs[i - 1]));
            out = next.substring(line + 1);
        }
        return said;
    }

    @Test
    void optionsExitCodesAndMessages() throws Exception {
        write("d/a", "a");
        write("d/b", "b");
        write("d/c", "c");
        write("d/new", "new");
        String unused = shell(
                "sha256sum d/a d/b d/c > SUMS; (cat SUMS; echo nonsense) > TORN; sed 's,d/,gone/,' SUMS > GONE;"
                        + "(echo $(printf 0%.0s {1..64}) ' d/a'; cat SUMS) > TWICE; echo '00000000  d/a' > EIGHT; echo > EMPTY;"
                        + "cp SUMS d/SUMS; ln -s ../d/a d/link; (cat SUMS; sed -n 1p GONE) > SOME; md5sum d/* > MD5SUMS");
        write("d/b", "B");
        List<Said> said = verify(List.of(
                List.of("--manifest", "SUMS"),
                List.of("--manifest", "SUMS", "--quiet"),
                List.of("--manifest", "SUMS", "d/a", "./d//c"),
                List.of("--manifest", "SUMS", "--manifest", "d/SUMS", "--json", "d"),
                List.of("--manifest", "TORN", "d/a"),
                List.of("--manifest", "TORN", "d/a", "--strict"),
                List.of("--manifest", "GONE", "--ignore-missing"),
                List.of("--manifest", "SOME", "--ignore-missing", "d/a", "gone"),
                List.of("--manifest", "TWICE", "d/a"),
                List.of("--manifest", "EIGHT"),
                List.of("--manifest", "EIGHT", "--digest", "crc32c"),
                List.of("--manifest", "EMPTY"),
                List.of("--manifest", "nothing", "--manifest", "SUMS", "d/a"),
                List.of("--strict"),
                List.of("--manifest", "SUMS", "--manifest", "MD5SUMS", "d/b"),
                List.of("--manifest", "SUMS", "d/a", "d/none")));
        assertThat(said.get(0).out()).isEqualTo("d/a: OK\nd/b: FAILED\nd/c: OK\n");
        assertThat(said.get(0).err()).contains("verified 2 ok, 1 modified; 3 B in ");
        assertThat(said.get(1).out()).isEqualTo("d/b: FAILED\n");
        assertThat(said.get(2)).extracting(Said::out, Said::exitCode).containsExactly("d/a: OK\nd/c: OK\n", 0);
        assertThat(said.get(3).out())
                .contains("{\"type\":\"file\",\"path\":\"d/a\",\"verdict\":\"ok\"")
                .contains("{\"type\":\"file\",\"path\":\"d/b\",\"verdict\":\"modified\"")
                .contains(
                        "\"of\":\"sha256\",\"expected\":\"3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d\","
                                + "\"actual\":\"df7e70e5021544f4834bbee64a9e3789febc4be81470df629cad6ddb03320a5c\",\"manifest\":\"SUMS\","
                                + "\"line\":2")
                .contains("{\"type\":\"file\",\"path\":\"d/new\",\"verdict\":\"new\"}")
                .doesNotContain("\"d/link\"", "\"path\":\"d/SUMS\"")
                .contains("\"verdicts\":{\"ok\":2,\"modified\":1,\"missing\":0,\"unreadable\":0,\"new\":1}");
        assertThat(said.get(4).err()).contains("TORN:4: is no line of checksums", "1 malformed line");
        assertThat(said.get(6)).extracting(Said::out, Said::exitCode).containsExactly("", 1);
        assertThat(said.get(6).err()).contains("no file was verified").doesNotContain("ENOENT");
        assertThat(said.get(8).out()).isEqualTo("d/a: FAILED\n");
        assertThat(said.get(8).err())
                .contains("TWICE:2: d/a: another sha256 than TWICE:1; both are checked", "that of TWICE:1");
        assertThat(said.get(9).err())
                .contains("EIGHT: checksums of 8 hexadecimal digits may be crc32c", "--digest crc32c");
        assertThat(said.get(11).err()).contains("EMPTY: holds no line of checksums that can be used");
        assertThat(said.get(12).err())
                .contains("nothing: open: No such file or directory (ENOENT)", "1 manifest failed");
        assertThat(said.get(12).out()).isEqualTo("d/a: OK\n");
        assertThat(said.get(13).err()).contains("--strict is about --manifest, which is missing");
        assertThat(said.get(14).err())
                .contains("d/b: sha256 is not that of SUMS:2", "d/b: md5 is not that of MD5SUMS:3");
        assertThat(said.get(15).err()).contains("d/none: statx: No such file or directory (ENOENT)");
        assertThat(said).extracting(Said::exitCode).containsExactly(1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 2, 1, 1);
    }

    @Test
    void printsWhatSha256sumPrints() throws Exception {
        write("d/a", "a");
        String unused = shell(
                "cd d; touch $'n\\nl\\r\\\\' $'c\\r' 'b\\s' $'bad\\xff' ' x ' gone dir under; mkdir sub; touch sub/x; cd ..;"
                        + "sha256sum d/* d/sub/x > SUMS 2>/dev/null || true; cd d; rm -r gone dir sub; mkdir dir; touch sub; echo >> ' x '; cd ..;"
                        + "sha256sum -c SUMS > expected 2>/dev/null || true");
        var result = ChildJvm.of(Main.class, "verify", "--manifest", "SUMS")
                .under("bash", "-c", "cd " + directory + "; exec \"$@\" > out", "bash")
                .run();
        assertThat(result.exitCode()).as(result.toString()).isOne();
        assertThat(Files.readAllBytes(directory.resolve("out")))
                .isEqualTo(Files.readAllBytes(directory.resolve("expected")));
        assertThat(new String(Files.readAllBytes(directory.resolve("out")), StandardCharsets.ISO_8859_1).split("\n"))
                .hasSize(10);
    }

    @Test
    void manifestFromStandardInputWithMarkAndReturns() throws Exception {
        write("d/a", "a");
        String unused = shell("(printf '\\xef\\xbb\\xbf'; sha256sum d/a | sed 's/$/\\r/') > SUMS");
        var result = ChildJvm.of(Main.class, "verify", "--manifest", "-")
                .under("env", "-C", directory.toString())
                .input(directory.resolve("SUMS"))
                .run();
        assertThat(result.out()).as(result.toString()).isEqualTo("d/a: OK\n");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void fifoNeverHangsAndUnreadableIsNotMissing() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root to become another user");
        write("d/fifo", "a");
        write("d/secret", "a");
        write("d/gone", "a");
        write("d/open", "a");
        String unused = shell(
                "chmod 755 d; sha256sum d/* > SUMS; chmod 644 SUMS d/*; chmod 0 d/secret; rm d/fifo d/gone; mkfifo d/fifo");
        var result = ChildJvm.of(Main.class, "verify", "--manifest", "SUMS", "--json")
                .under("env", "-C", directory.toString())
                .asNobody()
                .run();
        assertThat(result.out())
                .contains("\"path\":\"d/fifo\",\"verdict\":\"unreadable\"")
                .contains("\"path\":\"d/secret\",\"verdict\":\"unreadable\"")
                .contains("\"path\":\"d/gone\",\"verdict\":\"missing\"")
                .contains("\"path\":\"d/open\",\"verdict\":\"ok\"");
        assertThat(result.err())
                .contains("d/secret: open: Permission denied (EACCES)", "d/fifo: is a FIFO, not a regular file");
        assertThat(result.exitCode()).isOne();
    }

    @Test
    void leavesThePageCacheAsItWasAndReadsNothingOfAnotherSize() throws Exception {
        var hot = CachedFile.random(directory.resolve("hot"), 8 * MEGABYTE, 1);
        var cold = CachedFile.random(directory.resolve("cold"), 40 * MEGABYTE + 1, 2);
        var longer = CachedFile.random(directory.resolve("longer"), 8 * MEGABYTE, 3);
        Command.assumeExists("hashdeep");
        String unused = shell(
                "hashdeep hot cold > KNOWN; hashdeep longer | sed 's/^8388608/8388607/' > SHORT; sha256sum hot cold > SUMS");
        var evicted = cold.evicted();
        var alsoEvicted = longer.evicted();
        long hotBefore = hot.residentBytes();
        List<Said> said = verify(List.of(
                List.of("--manifest", "KNOWN", "--manifest", "SUMS"), List.of("--manifest", "SHORT", "--json")));
        assertThat(said.get(0).exitCode()).as(said.toString()).isZero();
        assertThat(evicted.settledBytes()).isZero();
        assertThat(hot.residentBytes()).as("the host itself drops some").isGreaterThan(hotBefore / 2);
        assertThat(said.get(1).exitCode()).isOne();
        assertThat(said.get(1).out())
                .contains("\"bytes\":0,", "{\"of\":\"size\",\"expected\":8388607,\"actual\":8388608,");
        assertThat(said.get(1).err()).contains("longer: has 8388608 bytes, not the 8388607 of SHORT:6");
        assertThat(alsoEvicted.settledBytes()).isZero();
    }

    @Test
    void aLargeManifestNeedsNoHeap() throws Exception {
        write("there", "a");
        try (BufferedWriter out = Files.newBufferedWriter(directory.resolve("SUMS"))) {
            for (int i = 0; i < 400_000; i++) {
                out.write(String.format("%064x  some/long/directory/with/many/files/in/it/%07d%n", i, i));
            }
            out.write("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  there\n");
        }
        var result = ChildJvm.of(Main.class, "verify", "--manifest", "SUMS", "there")
                .option("-Xmx24m")
                .under("env", "-C", directory.toString())
                .run();
        assertThat(result.out()).as(result.toString()).isEqualTo("there: OK\n");
        assertThat(result.exitCode()).isZero();
    }
}
