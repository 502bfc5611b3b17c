// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pagecache.CachedCopyRescue.Mode;
import io.millrace.pagecache.CachedCopyRescue.Outcome;
import io.millrace.posix.FileStatus;
import io.millrace.posix.libc.ByteRange;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.Command;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import io.millrace.testkit.PageProbe;
import io.millrace.testkit.PinnedPages;
import io.millrace.testkit.StoredBlocks;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Single bits that flip on the device below hot files: what every other program calls good is found, and is written again
 * from the page cache. {@code -Dmillrace.flips=200} for as many on all file systems together, {@code -Dmillrace.rescues=100} on
 * each, {@code -Dmillrace.dirty.mebibytes=1024} for a larger dirty file.
 */
class HotDamageIT {
    private static final int MIB = 1 << 20;
    private static final int FLIPS = Integer.getInteger("millrace.flips", 10);
    private static final int RESCUES = Integer.getInteger("millrace.rescues", 4);
    private static final int DIRTY_MEBIBYTES = Integer.getInteger("millrace.dirty.mebibytes", 32);
    private static final int FILE_SYSTEMS = 3;

    @TempDir
    private Path directory;

    /** Flips a bit in each of so many blocks of a file, by seed; where, by block. */
    private static TreeMap<Integer, Long> flip(StoredBlocks stored, Path file, int flips, Random random)
            throws IOException {
        int blocks = (int) ((Files.size(file) + MIB - 1) / MIB);
        var all = new ArrayList<>(IntStream.range(0, blocks).boxed().toList());
        Collections.shuffle(all, random);
        var flipped = new TreeMap<Integer, Long>();
        for (int block : all.subList(0, flips)) {
            long length = Math.min(MIB, Files.size(file) - (long) block * MIB);
            long at = (long) block * MIB + random.nextInt((int) length);
            stored.flip(file, at, random.nextInt(8));
            flipped.put(block, at);
        }
        return flipped;
    }

    @ParameterizedTest
    @CsvSource({"EXT4,loop", "XFS,loop", "BTRFS,'loop,nodatacow'"})
    void everyFlipBelowAHotFileIsFoundWhileOtherProgramsSeeNone(Kind kind, String options) throws Exception {
        int flips = (FLIPS + FILE_SYSTEMS - 1) / FILE_SYSTEMS;
        long seed = System.nanoTime();
        var random = new Random(seed);
        var probe = new PageProbe(directory);
        int bytes = (flips + 8) * MIB + random.nextInt(MIB);
        try (var mount = LoopMount.with(options, kind, 2 * bytes / MIB + 64)) {
            Path file = CachedFile.random(mount.directory().resolve("file"), bytes, seed)
                    .path();
            List<Integer> sums = Passed.sumsOf(file);
            Path manifest = directory.resolve("SHA256SUMS");
            Files.writeString(manifest, Command.run("sha256sum", file));
            try (var pinned = PinnedPages.of(directory, file)) {
                var flipped = flip(new StoredBlocks(mount), file, flips, random);
                var hot = probe.resident(file);
                assertThat(hot).isEqualTo(PageProbe.all((bytes + Stage.PAGE_BYTES - 1) / Stage.PAGE_BYTES));

                var passed = Passed.over(file);

                assertThat(probe.resident(file)).isEqualTo(hot);
                assertThat(Command.run("sha256sum", "-c", manifest)).isEqualTo(file + ": OK\n");
                var bad = new ArrayList<Integer>();
                for (int i = 0; i < sums.size(); i++) {
                    var line = passed.lines().get(i);
                    assertThat(line.provenance()).isEqualTo(Provenance.DEVICE);
                    assertThat(line.cachedSum()).as("the cached copy is good").contains(sums.get(i));
                    if (line.sum() != sums.get(i)) {
                        bad.add(i);
                    }
                }
                assertThat(bad).as("seed " + seed).containsExactlyElementsOf(flipped.keySet());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"EXT4,loop", "XFS,loop", "BTRFS,'loop,nodatacow'", "BTRFS,loop"})
    void everyBadBlockIsWrittenAgainFromItsCachedCopyAndNothingElse(Kind kind, String options) throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        int bytes = (RESCUES + 2) * MIB + 5000;
        try (var mount = LoopMount.with(options, kind, 2 * bytes / MIB + 64);
                var rescue = new CachedCopyRescue(Stage.POSIX)) {
            Path file = CachedFile.random(mount.directory().resolve("file"), bytes, seed)
                    .path();
            Path neighbour = CachedFile.random(mount.directory().resolve("neighbour"), 4 * MIB, seed + 1)
                    .path();
            Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_500_000_000, 123_456_789)));
            List<Integer> sums = Passed.sumsOf(file);
            String sha256 = Command.run("sha256sum", file, neighbour);
            try (var pinned = PinnedPages.of(directory, file, neighbour)) {
                var flipped = flip(new StoredBlocks(mount), file, RESCUES, random);
                long modified = status(file).modifiedNanos();
                for (int block : flipped.keySet()) {
                    var dry = rescue(rescue, file, block, sums.get(block), Mode.DRY_RUN);
                    assertThat(dry.outcome()).as("seed " + seed).isEqualTo(Outcome.WOULD_WRITE);
                    assertThat(dry.pages()).hasSize(1);
                    assertThat(rescue(rescue, file, block, sums.get(block) + 1, Mode.WRITE)
                                    .outcome())
                            .isEqualTo(Outcome.COPY_DIFFERS);
                    var result = rescue(rescue, file, block, sums.get(block), Mode.WRITE);
                    assertThat(result.outcome()).as("seed " + seed).isEqualTo(Outcome.WRITTEN);
                    assertThat(result.pages()).isEqualTo(dry.pages());
                    assertThat(result.pages().get(0).offsetBytes() / Stage.PAGE_BYTES)
                            .isEqualTo(flipped.get(block) / Stage.PAGE_BYTES);
                    assertThat(result.timeRestored()).isTrue();
                    assertThat(rescue(rescue, file, block, sums.get(block), Mode.WRITE)
                                    .outcome())
                            .isEqualTo(Outcome.NOT_NEEDED);
                }
                assertThat(status(file).modifiedNanos()).isEqualTo(modified);
            }
            assertThat(Passed.over(file).sums()).isEqualTo(sums);
            assertThat(Passed.over(neighbour).distinct()).containsExactly(Provenance.DEVICE);
            Stage.evict(file);
            Stage.evict(neighbour);
            assertThat(Command.run("sha256sum", file, neighbour))
                    .as("from the device")
                    .isEqualTo(sha256);
        }
    }

    private static FileStatus status(Path file) throws IOException {
        try (var fd = Stage.open(file)) {
            return Stage.POSIX.files().status(fd);
        }
    }

    private static CachedCopyRescue.Result rescue(CachedCopyRescue rescue, Path file, int block, int sum, Mode mode)
            throws IOException {
        try (var fd = Stage.open(file)) {
            var status = Stage.POSIX.files().status(fd);
            var traits = MountTraits.probe(Stage.POSIX, fd, status);
            long start = (long) block * MIB;
            var range = ByteRange.between(start, Math.min(start + MIB, status.sizeBytes()));
            return rescue.rescue(fd, traits, range, sum, mode);
        }
    }

    @Test
    void whatCannotBeVouchedForIsRefused() throws Exception {
        try (var mount = LoopMount.of(Kind.EXT4, 64);
                var memory = LoopMount.of(Kind.TMPFS, 8);
                var rescue = new CachedCopyRescue(Stage.POSIX)) {
            Path file = CachedFile.random(mount.directory().resolve("file"), 2 * MIB, 1)
                    .evicted()
                    .path();
            int sum = Passed.sumsOf(file).get(0);
            var stored = new StoredBlocks(mount);
            stored.flip(file, 4096, 1);
            Stage.evict(file);
            assertThat(rescue(rescue, file, 0, sum, Mode.WRITE).outcome()).isEqualTo(Outcome.NOT_CACHED);
            try (var out = new RandomAccessFile(file.toFile(), "rw")) {
                out.write(1);
            }
            assertThat(rescue(rescue, file, 0, sum, Mode.WRITE).outcome()).isEqualTo(Outcome.UNSETTLED);
            try (var fd = Stage.open(file)) {
                var traits =
                        MountTraits.probe(Stage.POSIX, fd, Stage.POSIX.files().status(fd));
                assertThat(rescue.rescue(fd, traits, new ByteRange(2 * MIB, MIB), sum, Mode.WRITE)
                                .outcome())
                        .isEqualTo(Outcome.CHANGED);
            }
            Path inMemory = Files.write(memory.directory().resolve("file"), new byte[MIB]);
            Files.setLastModifiedTime(inMemory, FileTime.from(Instant.EPOCH));
            assertThat(rescue(rescue, inMemory, 0, sum, Mode.WRITE).outcome()).isEqualTo(Outcome.NOT_DIRECT);
        }
    }

    @Test
    void aDirtyFileIsAsDirtyAsBefore() throws Exception {
        // Not on a loop device, whose own dirty pages make the kernel write sooner.
        Path older = directory.resolve("older");
        Path file = directory.resolve("file");
        for (int attempt = 1; attempt <= 5; attempt++) {
            writeDirty(older, Math.max(1, DIRTY_MEBIBYTES / 16));
            writeDirty(file, DIRTY_MEBIBYTES);
            long control = dirtyPages(older);
            long before = dirtyPages(file);
            var passed = Passed.over(file);
            long after = dirtyPages(file);
            if (dirtyPages(older) == control && before > DIRTY_MEBIBYTES * 128L) {
                assertThat(after).as("dirty pages, of " + before).isBetween(before - before / 100, before);
                assertThat(passed.provenances()).contains(Provenance.UNSETTLED);
                return;
            }
        }
        Assumptions.abort("the kernel writes out dirty pages by itself all the time");
    }

    private static void writeDirty(Path file, int mebibytes) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            for (int i = 0; i < mebibytes; i++) {
                out.write(new byte[MIB]);
            }
        }
        try (var fd = Stage.open(file)) {
            var traits = MountTraits.probe(Stage.POSIX, fd, Stage.POSIX.files().status(fd));
            Assumptions.assumeTrue(
                    traits.cachestat() && traits.type().readsBlockDevice(),
                    "the kernel does not count dirty pages here");
        }
    }

    private static long dirtyPages(Path file) throws IOException {
        try (var fd = Stage.open(file)) {
            var count = Stage.POSIX.pages().cachestat(fd, new ByteRange(0, 0));
            return count.dirty() + count.writeback();
        }
    }
}
