// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.cli.Main;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import io.millrace.testkit.HostileNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is printed of hostile names: byte for byte what sha256sum prints, and read back by the checkers. */
class ChecksumFormatIT {
    @TempDir
    Path directory;

    private HostileNames hostile;

    @BeforeEach
    void makeNames() throws Exception {
        hostile = new HostileNames();
    }

    @AfterEach
    void removeNames() throws Exception {
        hostile.close();
    }

    private Path out() {
        return directory.resolve("out");
    }

    /** In the directory of the names, its output in a file; {@code script} has the command in {@code "$@"}. */
    private ChildJvm.Result shell(String script, String locale, Object... arguments) throws Exception {
        return ChildJvm.of(Main.class, arguments)
                .under("bash", "-c", "cd " + hostile.directory() + " && " + script + " > " + out(), "bash")
                .environment("LC_ALL", locale)
                .run();
    }

    private byte[] peer(String locale, String command) throws Exception {
        Path said = directory.resolve("peer");
        var unused = Command.run(
                "bash",
                "-c",
                "export LC_ALL=" + locale + "; cd " + hostile.directory() + " && " + command + " > " + said);
        return Files.readAllBytes(said);
    }

    @ParameterizedTest
    @CsvSource({"C,gnu,sha256sum", "POSIX,bsd,sha256sum --tag", "C.UTF-8,gnu,sha256sum", "C.UTF-8,bsd,sha256sum --tag"})
    void isThatOfSha256sumByteForByte(String locale, String format, String peer) throws Exception {
        var result = shell("\"$@\" *", locale, "scan", "--digest", "sha256", "--format", format, "--");
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(Files.readAllBytes(out())).isEqualTo(peer(locale, peer + " -- *"));
    }

    @ParameterizedTest
    @CsvSource({"sha256,gnu", "sha512,bsd", "sha1,gnu", "md5,bsd"})
    void isAcceptedByItsChecker(String digest, String format) throws Exception {
        var result = shell("\"$@\"", "C", "scan", "--digest", digest, "--format", format, ".");
        assertThat(result.exitCode()).as(result.toString()).isZero();
        String said = Command.run(
                "sh", "-c", "cd " + hostile.directory() + " && " + digest + "sum --strict -c " + out() + " | wc -l");
        assertThat(said.strip()).isEqualTo(String.valueOf(hostile.names().size()));
    }

    @Test
    void isAcceptedByXxhsumWithoutAskingForAForm() throws Exception {
        Command.assumeExists("xxhsum");
        for (String name : List.of("a", "b c", "d  e")) {
            Files.writeString(directory.resolve(name), name.repeat(1000));
        }
        var result = ChildJvm.of(
                        Main.class,
                        "scan",
                        "--digest",
                        "xxh3",
                        directory.resolve("a"),
                        directory.resolve("b c"),
                        directory.resolve("d  e"))
                .run();
        Path sums = Files.writeString(directory.resolve("sums"), result.out());
        assertThat(Command.run("xxhsum", "-c", sums)).contains("a: OK", "b c: OK", "d  e: OK");
    }

    /** Debian 12 has 0.8.1, which knows no escapes; 0.8.2 and newer take names as they are beside escaped ones. */
    @ParameterizedTest
    @ValueSource(strings = {"gnu", "bsd"})
    void isAcceptedByXxhsumForAllNamesButThoseWithANewline(String format) throws Exception {
        Command.assumeExists("xxhsum");
        var result = shell("\"$@\"", "C", "scan", "--digest", "xxh3", "--format", format, ".");
        assertThat(result.exitCode()).as(result.toString()).isZero();
        String lines = Files.readString(out(), StandardCharsets.ISO_8859_1);
        long comments = lines.lines().filter(line -> line.startsWith("# ")).count();
        long newlines = hostile.names().stream()
                .filter(name -> new String(name, StandardCharsets.ISO_8859_1).contains("\n"))
                .count();
        assertThat(comments).as("names that it cannot check").isEqualTo(newlines);
        assertThat(lines.split("\n")).hasSize(hostile.names().size());
        String version = Command.run("sh", "-c", "xxhsum --version 2>&1").strip();
        assumeTrue(
                format.equals("bsd") || !version.matches("(?s)xxhsum 0\\.(8\\.[01]|[0-7]).*"),
                "XXH3_ in the other form came with xxhsum 0.8.2: " + version);
        String said = Command.run(
                "sh", "-c", "cd " + hostile.directory() + " && xxhsum -c " + out() + " | tr -cd '[:print:]\\n'");
        assertThat(said).as(version).doesNotContain("FAILED", "Could not");
        assertThat(said.lines().filter(line -> line.endsWith(": OK")))
                .as("%s: %s", version, said)
                .hasSize((int) (hostile.names().size() - newlines));
    }

    /** {@code a\nb} with a backslash, and with a newline: neither may be taken for the other. */
    @Test
    void aNameWithANewlineIsNotTakenForAnother() throws Exception {
        Command.assumeExists("xxhsum");
        Path tree = Files.createDirectory(directory.resolve("tree"));
        Files.writeString(tree.resolve("a\\nb"), "backslash");
        Files.writeString(tree.resolve("a\nb"), "newline");
        Files.writeString(tree.resolve("x\nXXH3 (y) = 0000000000000000"), "forged");
        var result = ChildJvm.of(Main.class, "scan", "--digest", "xxh3", tree).run();
        Path sums = Files.writeString(directory.resolve("sums"), result.out());
        assertThat(result.out()).containsPattern("(?m)^# XXH3 \\(.*/a\\\\nb\\) = 869cead70a5a32be$");
        assertThat(Command.run("xxhsum", "-c", sums)).contains("a\\nb: OK").doesNotContain("FAILED", "y:");
    }

    @Test
    void hasALinePerDigestInTheTaggedForm() throws Exception {
        var file = Files.writeString(directory.resolve("a"), "123456789");
        var result =
                ChildJvm.of(Main.class, "scan", "--digest", "crc32c,md5", file).run();
        assertThat(result.out())
                .isEqualTo("CRC32C (" + file + ") = e3069283\nMD5 (" + file + ") = 25f9e794323b453885f5181f1b624d0b\n");
        assertThat(result.err()).startsWith("millrace: read 1 file, 9 B in ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void namesEveryFileInJsonAndGivesBackTheBytes(String locale) throws Exception {
        var result = shell("\"$@\"", locale, "scan", "--digest", "sha256,crc32c", "--json", hostile.directory());
        assertThat(result.exitCode()).as(result.toString()).isZero();
        var seen = new TreeSet<String>();
        List<String> lines = Files.readAllLines(out());
        for (String line : lines.subList(0, lines.size() - 1)) {
            Map<String, String> file = flat(line);
            assertThat(file)
                    .containsKeys("type", "path", "bytes", "digests.sha256", "digests.crc32c", "seconds")
                    .containsEntry("type", "file")
                    .containsEntry("changed", "false")
                    .containsEntry("error", "null");
            byte[] path = file.containsKey("path_encoded")
                    ? decode(file.get("path_encoded"))
                    : file.get("path").getBytes(StandardCharsets.UTF_8);
            seen.add(new String(path, StandardCharsets.ISO_8859_1));
        }
        var expected = new TreeSet<String>();
        hostile.names()
                .forEach(name ->
                        expected.add(hostile.directory() + "/" + new String(name, StandardCharsets.ISO_8859_1)));
        assertThat(seen).isEqualTo(expected);
        checkSummary(flat(lines.get(lines.size() - 1)));
    }

    private void checkSummary(Map<String, String> summary) {
        assertThat(summary)
                .containsEntry("type", "summary")
                .containsEntry("files", String.valueOf(hostile.names().size()))
                .containsEntry("failed", "0")
                .containsEntry("cache.policy", "neutral")
                .containsKeys("bytes", "seconds", "bytes_per_second", "stopped", "changed", "skipped")
                .containsKeys("cache.strategies.dontcache", "cache.strategies.drop-behind", "cache.strategies.plain")
                .containsKeys("cache.hot_before_bytes", "cache.hot_after_bytes", "cache.left_bytes")
                .containsKey("cache.peak_window_bytes");
        assertThat(Long.parseLong(summary.get("bytes")))
                .isEqualTo(
                        hostile.names().stream().mapToLong(name -> name.length).sum());
    }

    /** The scalars of one object, nested ones by names with dots. Throws where the line is more or less than that. */
    private static Map<String, String> flat(String line) throws IOException {
        var values = new LinkedHashMap<String, String>();
        var names = new ArrayList<String>();
        try (var parser = new JsonFactory().createParser(line)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    names.add(parser.currentName());
                } else if (token == JsonToken.END_OBJECT) {
                    names.remove(names.size() - 1);
                } else if (token.isScalarValue()) {
                    var name = new ArrayList<>(names.subList(1, names.size()));
                    name.add(parser.currentName());
                    values.put(String.join(".", name), parser.getText());
                }
            }
        }
        return values;
    }

    private static byte[] decode(String percentEncoded) {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < percentEncoded.length(); i++) {
            char c = percentEncoded.charAt(i);
            bytes.write(c == '%' ? Integer.parseInt(percentEncoded.substring(i + 1, i + 3), 16) : c);
            i += c == '%' ? 2 : 0;
        }
        return bytes.toByteArray();
    }
}
