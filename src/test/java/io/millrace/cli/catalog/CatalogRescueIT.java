// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.catalog.record.BlockSums;
import io.millrace.catalog.record.FileClass;
import io.millrace.catalog.record.FileRecord;
import io.millrace.catalog.record.Standing;
import io.millrace.catalog.record.Verdict;
import io.millrace.cli.Main;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import io.millrace.testkit.LoopMount;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.PinnedPages;
import io.millrace.testkit.Settled;
import io.millrace.testkit.StoredBlocks;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code millrace catalog rescue}, with bits flipped in the image below hot files. {@code -Dmillrace.rescues=100} for as many on
 * each file system.
 */
@Timeout(600)
class CatalogRescueIT {
    private static final int MIB = 1 << 20;
    private static final int STORED_BYTES = 1024;
    private static final int RESCUES = Integer.getInteger("millrace.rescues", 4);

    @TempDir
    private Path directory;

    private RecordedFiles catalog;

    @BeforeEach
    void make() throws IOException {
        catalog = new RecordedFiles(Files.createDirectory(directory.resolve("catalog")));
    }

    private ChildJvm.Result rescue(Object... words) throws Exception {
        var command = new ArrayList<>(List.<Object>of("catalog", "rescue"));
        command.addAll(List.of(words));
        return ChildJvm.of(Main.class, command.toArray())
                .environment("MILLRACE_CATALOG", directory.resolve("catalog").toString())
                .run();
    }

    /** Where each of the file's pieces lies in the image, with its content. */
    private static Map<Long, byte[]> stored(StoredBlocks blocks, Path... files) throws IOException {
        var pieces = new TreeMap<Long, byte[]>();
        for (Path file : files) {
            byte[] content = Files.readAllBytes(file);
            for (int at = 0; at + STORED_BYTES <= content.length; at += STORED_BYTES) {
                byte[] piece = Arrays.copyOfRange(content, at, at + STORED_BYTES);
                blocks.find(file, at).forEach(place -> pieces.put(place, piece));
            }
        }
        return pieces;
    }

    /** Those places of the image that do not hold what they should. */
    private static List<Long> differing(Path image, Map<Long, byte[]> pieces) throws IOException {
        var differing = new ArrayList<Long>();
        byte[] found = new byte[STORED_BYTES];
        try (var disk = new RandomAccessFile(image.toFile(), "r")) {
            for (var piece : pieces.entrySet()) {
                disk.seek(piece.getKey());
                disk.readFully(found);
                if (!Arrays.equals(found, piece.getValue())) {
                    differing.add(piece.getKey());
                }
            }
        }
        return differing;
    }

    private static TreeMap<Integer, Long> flip(StoredBlocks stored, Path file, int flips, Random random)
            throws IOException {
        var all = new ArrayList<>(
                IntStream.range(0, (int) (Files.size(file) / MIB)).boxed().toList());
        Collections.shuffle(all, random);
        var flipped = new TreeMap<Integer, Long>();
        for (int block : all.subList(0, flips)) {
            long at = (long) block * MIB + random.nextInt(MIB);
            stored.flip(file, at, random.nextInt(8));
            flipped.put(block, at);
        }
        return flipped;
    }

    @ParameterizedTest
    @CsvSource({"EXT4,loop", "XFS,loop", "BTRFS,'loop,nodatacow'"})
    void everyFlipBelowAHotFileIsWrittenAgainAndNothingElseIs(Kind kind, String options) throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        int bytes = (RESCUES + 2) * MIB + 5000;
        try (var mount = LoopMount.with(options, kind, 2 * bytes / MIB + 64)) {
            Path file = CachedFile.random(mount.directory().resolve("file"), bytes, seed)
                    .path();
            Path neighbour = CachedFile.random(mount.directory().resolve("neighbour"), 4 * MIB, seed + 1)
                    .path();
            Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_500_000_000, 123_456_000)));
            String sums = Command.run("sync", "-f", file) + Command.run("sha256sum", file, neighbour);
            catalog.record(record -> record.with(Verdict.DISK_BAD), file);
            try (var pinned = PinnedPages.of(directory, file, neighbour)) {
                var blocks = new StoredBlocks(mount);
                var pieces = stored(blocks, file, neighbour);
                assertThat(differing(mount.image(), pieces)).isEmpty();
                var flipped = flip(blocks, file, RESCUES, random);
                var time = Files.getLastModifiedTime(file);

                var dry = rescue("--dry-run", file);
                assertThat(dry.exitCode()).as(dry.toString()).isZero();
                assertThat(dry.out().lines())
                        .as("seed " + seed)
                        .hasSize(RESCUES)
                        .allSatisfy(line -> assertThat(line)
                                .matches(file
                                        + ": WOULD BE RESCUED 4096 bytes at \\d+ \\(on .* at \\d+\\): the cached copy would be"
                                        + " written"));
                assertThat(differing(mount.image(), pieces))
                        .as("after a dry run")
                        .hasSize(RESCUES);
                assertThat(directory.resolve("catalog/rescue.log")).doesNotExist();

                var done = rescue(file);
                assertThat(done.exitCode()).as(done.toString()).isZero();
                assertThat(done.out().lines())
                        .hasSize(RESCUES)
                        .allMatch(line -> line.contains(": RESCUED 4096 bytes at "));
                assertThat(done.err())
                        .isEqualTo("millrace: rescued " + RESCUES * 4 + ".0 KiB in " + RESCUES + " blocks of 1 file\n");
                assertThat(differing(mount.image(), pieces)).as("seed " + seed).isEmpty();
                assertThat(Files.getLastModifiedTime(file)).isEqualTo(time);
                assertLogged(flipped);
                FileRecord record = catalog.find(file);
                assertThat(record.verdict()).isEqualTo(Verdict.OK);
                assertThat(record.verification().lastOnDevice()).isGreaterThan(RecordedFiles.VERIFIED);
            }
            var again = rescue("--json", file);
            assertThat(again.out().lines().toList().get(0))
                    .isEqualTo("{\"type\":\"file\",\"path\":\"" + file + "\",\"good_blocks\":"
                            + BlockSums.countOf(bytes) + ",\"rescued_blocks\":0,\"bad_blocks\":0,\"error\":null}");
            var unused = new CachedFile(file).evicted();
            unused = new CachedFile(neighbour).evicted();
            assertThat(Command.run("sha256sum", file, neighbour))
                    .as("from the device")
                    .isEqualTo(sums);
        }
    }

    private void assertLogged(Map<Integer, Long> flipped) throws IOException {
        List<String> log = Files.readAllLines(directory.resolve("catalog/rescue.log"));
        assertThat(log).hasSize(flipped.size());
        int line = 0;
        for (var flip : flipped.entrySet()) {
            assertThat(log.get(line))
                    .startsWith("{\"type\":\"rescue\",\"time\":\"20")
                    .contains("\"offset_bytes\":" + (long) flip.getKey() * MIB + ",\"length_bytes\":1048576")
                    .contains("\"outcome\":\"written\",\"time_restored\":true")
                    .contains("\"pages\":[{\"offset_bytes\":" + flip.getValue() / 4096 * 4096);
            line++;
        }
    }

    @Test
    void whatTheCatalogCannotVouchForIsRefused() throws Exception {
        try (var mount = LoopMount.of(Kind.EXT4, 64)) {
            Path unknown = CachedFile.random(mount.directory().resolve("unknown"), 2 * MIB, 1)
                    .path();
            Path written = CachedFile.random(mount.directory().resolve("written"), 2 * MIB, 2)
                    .path();
            Path live = CachedFile.random(mount.directory().resolve("live"), 2 * MIB, 3)
                    .path();
            Path cold = CachedFile.random(mount.directory().resolve("cold"), 2 * MIB, 4)
                    .path();
            catalog.record(written, cold);
            catalog.record(
                    record -> new FileRecord(
                            record.key(),
                            record.state(),
                            record.digests(),
                            record.blocks(),
                            record.verification(),
                            new Standing(FileClass.LIVE, 3, Verdict.LIVE)),
                    live);
            Files.setLastModifiedTime(written, FileTime.from(Instant.ofEpochSecond(1_500_000_000)));
            var stored = new StoredBlocks(mount);
            var pieces = stored(stored, unknown, written, live, cold);
            for (Path file : List.of(unknown, written, live, cold)) {
                stored.flip(file, 70_000, 1);
            }
            var unused = new CachedFile(cold).evicted();
            List<Long> flipped = differing(mount.image(), pieces);
            assertThat(flipped).hasSize(4);

            var result = rescue(unknown, written, live, cold, mount.directory(), "--debug");

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err().lines())
                    .containsExactly(
                            "millrace: " + unknown + ": not rescued: the catalog does not know it",
                            "millrace: " + written + ": not rescued: it was written since its content was recorded",
                            "millrace: " + live + ": not rescued: it is live: written all the time",
                            "millrace: " + mount.directory() + ": is a directory; name its files",
                            "millrace: rescued 0 B in 0 blocks of 1 file; 5 failed or refused");
            assertThat(result.out())
                    .isEqualTo(cold + ": NOT RESCUED 1048576 bytes at 0: the page cache does not hold the bad pages\n");
            assertThat(differing(mount.image(), pieces)).isEqualTo(flipped);
            assertThat(catalog.find(cold).verdict()).isEqualTo(Verdict.OK);
        }
    }

    @Test
    void contentThatTheDeviceAndThePageCacheDisagreeAboutIsNotAccepted() throws Exception {
        try (var mount = LoopMount.of(Kind.EXT4, 64)) {
            Path file = CachedFile.random(mount.directory().resolve("file"), 3 * MIB, 5)
                    .path();
            catalog.record(record -> record.with(Verdict.CORRUPT), file);
            Settled.await();
            try (var pinned = PinnedPages.of(directory, file)) {
                new StoredBlocks(mount).flip(file, MIB + 5, 0);
                var result = ChildJvm.of(
                                Main.class, "catalog", "accept", "--catalog", directory.resolve("catalog"), file)
                        .run();
                assertThat(result.exitCode()).isEqualTo(1);
                assertThat(result.err())
                        .startsWith("millrace: " + file
                                + ": not accepted: the device and the page cache differ in 1 block");
                assertThat(catalog.find(file).verdict()).isEqualTo(Verdict.CORRUPT);
            }
        }
    }
}
