// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.digest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pagecache.ReadStrategy;
import io.millrace.scan.FileResult;
import io.millrace.scan.ScanOptions;
import io.millrace.scan.ScanRun;
import io.millrace.testkit.Amount;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every digest against the program that people would use, over sizes around the edges of chunks. */
class DigestsIT {
    private static final int CHUNK = ScanOptions.DEFAULT_READ_BYTES;
    private static final Map<DigestAlgorithm, List<String>> PEERS = Map.of(
            DigestAlgorithm.SHA256, List.of("sha256sum"),
            DigestAlgorithm.SHA512, List.of("sha512sum"),
            DigestAlgorithm.SHA1, List.of("sha1sum"),
            DigestAlgorithm.MD5, List.of("md5sum"),
            DigestAlgorithm.XXH3, List.of("xxhsum", "-H3"),
            DigestAlgorithm.BLAKE2B_512, List.of("b2sum"),
            DigestAlgorithm.SHA3_256, List.of("openssl", "dgst", "-r", "-sha3-256"),
            DigestAlgorithm.SHA512_256, List.of("openssl", "dgst", "-r", "-sha512-256"));

    /** Those that readers compute, and together with one that they do not. */
    private static final List<DigestAlgorithm[]> DIGESTS = List.of(
            new DigestAlgorithm[] {DigestAlgorithm.CRC32C},
            new DigestAlgorithm[] {DigestAlgorithm.XXH3},
            new DigestAlgorithm[] {DigestAlgorithm.CRC32C, DigestAlgorithm.XXH3},
            new DigestAlgorithm[] {DigestAlgorithm.CRC32C, DigestAlgorithm.MD5});

    /** The files are the same in every test, so each peer is asked once. */
    private static final Map<String, String> KNOWN = new HashMap<>();

    /** In the forms of both versions of xxhsum, {@code XXH3_HEX  NAME} and {@code XXH3 (NAME) = HEX}. */
    private static final Pattern HEX = Pattern.compile("(?<=^|XXH3_|= )[0-9a-f]{8,}(?= [ *]|\\n)");

    @TempDir
    Path directory;

    private final List<CachedFile> files = new ArrayList<>();

    @BeforeEach
    void writeFiles() throws Exception {
        int[] sizes = {0, 1, 4095, (512 << 10) + 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 12_345};
        for (int size : sizes) {
            files.add(CachedFile.random(directory.resolve("random-" + size), size, size));
        }
        files.add(CachedFile.sparse(directory.resolve("hole"), 40 << 20, 7));
        files.add(CachedFile.sparse(directory.resolve("hole-first-and-last"), (36 << 20) + 77, 8, 33 << 20));
        files.add(CachedFile.sparse(directory.resolve("hole-amid"), 35 << 20, 9, 0, 20 << 20, 34 << 20));
    }

    private Path[] paths() {
        return files.stream().map(CachedFile::path).toArray(Path[]::new);
    }

    private static String peer(DigestAlgorithm algorithm, Path file) throws Exception {
        String key = algorithm + " " + file.getFileName();
        if (!KNOWN.containsKey(key)) {
            KNOWN.put(key, ask(algorithm, file));
        }
        return KNOWN.get(key);
    }

    private static String ask(DigestAlgorithm algorithm, Path file) throws Exception {
        if (algorithm == DigestAlgorithm.CRC32C) {
            var crc = new CRC32C();
            crc.update(Files.readAllBytes(file));
            return String.format("%08x", crc.getValue());
        }
        var command = new ArrayList<Object>(PEERS.get(algorithm));
        command.add(file);
        String said = Command.run(command.toArray());
        return HEX.matcher(said).results().map(MatchResult::group).findFirst().orElse(said);
    }

    private void check(ScanRun run, DigestAlgorithm... algorithms) throws Exception {
        assertThat(run.results()).hasSameSizeAs(files).allMatch(FileResult::isGood);
        for (FileResult result : run.results()) {
            var file = Path.of(result.path().toString());
            assertThat(result.bytes()).isEqualTo(Files.size(file));
            for (DigestAlgorithm algorithm : algorithms) {
                assertThat(ScanRun.hex(result, algorithm))
                        .as(algorithm + " of " + file)
                        .isEqualTo(peer(algorithm, file));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void agreeWithThePeersAllAtOnceAndWarm(int parallel) throws Exception {
        var run = ScanRun.with(DigestAlgorithm.values()).parallel(parallel);
        assertThat(run.of(paths()).isGood()).isTrue();
        check(run, DigestAlgorithm.values());
    }

    @ParameterizedTest
    @CsvSource({"DONTCACHE,1", "DONTCACHE,3", "DROP_BEHIND,1", "DROP_BEHIND,4", "PLAIN,2"})
    void agreeWithThePeersColdByEveryStrategy(ReadStrategy strategy, int parallel) throws Exception {
        for (CachedFile file : files) {
            file.evicted();
        }
        var run = ScanRun.with(DigestAlgorithm.SHA256, DigestAlgorithm.XXH3)
                .parallel(parallel)
                .strategy(strategy);
        assertThat(run.of(paths()).isGood()).isTrue();
        if (strategy != ReadStrategy.PLAIN) {
            for (CachedFile file : files) {
                assertThat(file.residentBytes()).as(file.toString()).isZero();
            }
        }
        check(run, DigestAlgorithm.SHA256, DigestAlgorithm.XXH3);
    }

    @Test
    void agreeWhateverTheReadSizeTheOrderAndTheNumberOfHands() throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < Amount.of(4, 8, 100); round++) {
            int readBytes = ScanOptions.MIN_READ_BYTES + random.nextInt(3 << 20);
            int parallel = 1 + random.nextInt(8);
            for (CachedFile file : files) {
                if (random.nextBoolean()) {
                    var unused = file.evicted();
                }
            }
            DigestAlgorithm[] digests = DIGESTS.get(round % DIGESTS.size());
            var run = ScanRun.with(digests).parallel(parallel).reads(readBytes);
            assertThat(run.of(paths()).isGood())
                    .as("seed %d, reads of %d, %d at a time", seed, readBytes, parallel)
                    .isTrue();
            assertThat(run.results())
                    .extracting(result -> result.path().toString())
                    .containsExactly(
                            files.stream().map(file -> file.path().toString()).toArray(String[]::new));
            check(run, digests);
        }
    }

    @Test
    void readWithoutADigest() throws Exception {
        var run = ScanRun.with();
        var summary = run.of(directory);
        assertThat(summary.isGood()).isTrue();
        assertThat(summary.files()).isEqualTo(files.size());
        assertThat(run.results()).allMatch(result -> result.digests().isEmpty());
    }
}
