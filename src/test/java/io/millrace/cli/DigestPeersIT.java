// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.CCompiler;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every digest of many small files and one large one, by the libraries and without them, against the programs that people
 * would use. All of it: {@code -Dmillrace.digests.files=60000 -Dmillrace.digests.mebibytes=4096}.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS) // of a full run; a small one takes seconds
class DigestPeersIT {
    private static final int FILES = Integer.getInteger("millrace.digests.files", 200);
    private static final int MEBIBYTES = Integer.getInteger("millrace.digests.mebibytes", 24);
    private static final int FILES_PER_DIRECTORY = 200;

    /** Digest and command; several for one have to agree with each other too. crc32c has a reference of its own. */
    private static final List<Map.Entry<String, String>> PEERS = List.of(
            Map.entry("sha256", "sha256sum"),
            Map.entry("sha256", "openssl dgst -r -sha256"),
            Map.entry("sha512", "sha512sum"),
            Map.entry("sha1", "sha1sum"),
            Map.entry("sha1", "openssl dgst -r -sha1"),
            Map.entry("md5", "md5sum"),
            Map.entry("md5", "openssl dgst -r -md5"),
            Map.entry("xxh3", "xxhsum -q -H3"),
            Map.entry("blake2b-512", "b2sum"),
            Map.entry("sha3-256", "openssl dgst -r -sha3-256"),
            Map.entry("sha512-256", "openssl dgst -r -sha512-256"));

    /** {@code HEX  NAME}, {@code HEX *NAME}, and both forms of xxhsum's: {@code XXH3_HEX  NAME}, {@code XXH3 (NAME) = HEX}. */
    private static final Pattern PLAIN = Pattern.compile("(?:XXH3_)?([0-9a-f]+) [ *](.+)");

    private static final Pattern TAGGED = Pattern.compile("XXH3 \\((.+)\\) = ([0-9a-f]+)");
    private static final Pattern RESULT = Pattern.compile("\"path\":\"([^\"]+)\".*\"digests\":\\{([^}]*)}");
    private static final Pattern VALUE = Pattern.compile("\"([a-z0-9-]+)\":\"([0-9a-f]+)\"");

    @TempDir
    private static Path directory;

    private static Path tree;
    private static Path large;

    /** By path: each digest's value. */
    private static final Map<String, Map<String, String>> EXPECTED = new HashMap<>();

    @BeforeAll
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    static void askThePeers() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("DigestPeersIT: seed " + seed);
        tree = Files.createDirectory(directory.resolve("tree"));
        writeTree(new Random(seed));
        large = CachedFile.random(directory.resolve("large"), ((long) MEBIBYTES << 20) + 12_345, seed)
                .path();
        for (Map.Entry<String, String> peer : PEERS) {
            ask(peer.getKey(), peer.getValue(), tree);
            ask(peer.getKey(), peer.getValue(), large);
        }
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : Stream.concat(files.filter(Files::isRegularFile), Stream.of(large))
                    .toList()) {
                expect("crc32c", file.toString(), Crc32cReference.of(file));
            }
        }
    }

    private static void writeTree(Random random) throws IOException {
        for (int i = 0; i < FILES; i++) {
            Path folder = tree.resolve("d" + i / FILES_PER_DIRECTORY);
            if (i % FILES_PER_DIRECTORY == 0) {
                Files.createDirectory(folder);
            }
            var content = new byte[size(random)];
            random.nextBytes(content);
            Files.write(folder.resolve("f" + i), content);
        }
    }

    /** Mostly small; one in a thousand, and a few in a small run, takes the way of large ones. */
    private static int size(Random random) {
        int kind = random.nextInt(1000);
        if (kind < 800) {
            return random.nextInt(4097);
        }
        return random.nextInt(kind < 970 ? 32 << 10 : kind < 999 ? 300 << 10 : 9 << 20);
    }

    private static void ask(String digest, String command, Path root) throws Exception {
        String said = Command.run("bash", "-c", "find '" + root + "' -type f -print0 | xargs -0 " + command);
        said.lines().forEach(line -> {
            var plain = PLAIN.matcher(line);
            var tagged = TAGGED.matcher(line);
            if (tagged.matches()) {
                expect(digest, tagged.group(1), tagged.group(2));
            } else {
                assertThat(plain.matches()).as(command + ": " + line).isTrue();
                expect(digest, plain.group(2), plain.group(1));
            }
        });
    }

    private static void expect(String digest, String path, String value) {
        String before =
                EXPECTED.computeIfAbsent(path, unused -> new TreeMap<>()).putIfAbsent(digest, value);
        assertThat(before == null || before.equals(value))
                .as("two peers disagree about " + digest + " of " + path)
                .isTrue();
    }

    @Test
    void agreeByTheLibraries() throws Exception {
        List<String> all = EXPECTED.get(large.toString()).keySet().stream().toList();
        check(all, child -> child, tree, large);
        for (String one : List.of("crc32c", "xxh3", "sha256")) {
            check(List.of(one), child -> child, large);
        }
    }

    @Test
    void agreeWithoutTheLibraries() throws Exception {
        Command.assumeExists("cc");
        Path hiding = Files.createDirectory(directory.resolve("hiding"));
        for (String name : List.of("libcrypto.so.3", "libcrypto.so.1.1", "libxxhash.so.0")) {
            var unused = CCompiler.library(hiding, name, "int nothing_that_anybody_wants;\n");
        }
        UnaryOperator<ChildJvm> hidden = child -> child.environment("LD_LIBRARY_PATH", hiding.toString());
        var all = new ArrayList<>(EXPECTED.get(large.toString()).keySet());
        all.remove("blake2b-512"); // which only libcrypto computes
        String summary = check(all, hidden, tree, large);
        assertThat(summary)
                .doesNotContain(".so.")
                .contains("\"sha256\":\"java\"")
                .contains("\"xxh3\":\"hash4j\"");
        for (String one : List.of("crc32c", "xxh3", "sha256")) {
            check(List.of(one), hidden, large);
        }
    }

    /** Returns the summary. */
    private static String check(List<String> digests, UnaryOperator<ChildJvm> where, Path... paths) throws Exception {
        var arguments = new ArrayList<Object>(List.of("scan", "--json", "--digest", String.join(",", digests)));
        arguments.addAll(List.of(paths));
        var child = ChildJvm.of(Main.class, arguments.toArray())
                .option("-XX:TieredStopAtLevel=4") // Java's digests need the second compiler
                .timeout(Duration.ofHours(1));
        var result = where.apply(child).run();
        assertThat(result.exitCode()).as(result.err()).isZero();
        List<String> lines = result.out().lines().toList();
        int files = 0;
        for (String line : lines) {
            var file = RESULT.matcher(line);
            if (file.find()) {
                files++;
                Map<String, String> values = VALUE.matcher(file.group(2))
                        .results()
                        .collect(Collectors.toMap(each -> each.group(1), each -> each.group(2)));
                var expected = new TreeMap<>(EXPECTED.get(file.group(1)));
                expected.keySet().retainAll(digests);
                assertThat(values).as(file.group(1)).hasSameSizeAs(digests).isEqualTo(expected);
            }
        }
        assertThat(files).isEqualTo(paths.length == 1 ? 1 : FILES + 1);
        return lines.get(lines.size() - 1);
    }

    /** CRC-32C a byte at a time, by the table of the reflected polynomial (RFC 3720, 12.1). */
    private static final class Crc32cReference {
        private static final int POLYNOMIAL = 0x82F63B78;
        private static final int[] TABLE = new int[256];

        static {
            for (int value = 0; value < TABLE.length; value++) {
                int crc = value;
                for (int bit = 0; bit < Byte.SIZE; bit++) {
                    crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ POLYNOMIAL;
                }
                TABLE[value] = crc;
            }
        }

        static String of(Path file) throws IOException {
            var piece = new byte[1 << 20];
            int crc = -1;
            try (InputStream in = Files.newInputStream(file)) {
                for (int count = in.read(piece); count > 0; count = in.read(piece)) {
                    crc = update(crc, piece, count);
                }
            }
            return String.format("%08x", ~crc);
        }

        private static int update(int before, byte[] piece, int count) {
            int crc = before;
            for (int i = 0; i < count; i++) {
                crc = crc >>> 8 ^ TABLE[(crc ^ piece[i]) & 0xFF];
            }
            return crc;
        }
    }
}
