// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.catalog.record.Finding;
import io.millrace.catalog.record.Verdict;
import io.millrace.pagecache.MountTraits;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.testkit.Amount;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.Command;
import io.millrace.testkit.LoopMount;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.PageProbe;
import io.millrace.testkit.PinnedPages;
import io.millrace.testkit.Settled;
import io.millrace.testkit.StoredBlocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bits that flip on the device below files that the catalog knows, hot and cold, and files that change meanwhile. {@code
 * -Dmillrace.amount=full} for the numbers of the issue.
 */
@Timeout(900)
class DeviceDamageIT {
    private static final int MIB = 1 << 20;

    @TempDir
    private Path directory;

    private Path catalog() throws IOException {
        return Files.createDirectories(directory.resolve("catalog"));
    }

    @ParameterizedTest
    @CsvSource({"EXT4,loop", "XFS,loop", "BTRFS,'loop,nodatacow'"})
    void everyFlipBelowAHotFileIsFoundWithItsBlock(Kind kind, String options) throws Exception {
        int flips = Amount.of(2, 4, 67);
        long seed = System.nanoTime();
        var random = new Random(seed);
        var probe = new PageProbe(directory);
        int bytes = (flips + 6) * MIB + 5000;
        try (var mount = LoopMount.with(options, kind, 2 * bytes / MIB + 64)) {
            Path file = CachedFile.random(mount.directory().resolve("file"), bytes, seed)
                    .path();
            Path other = CachedFile.random(mount.directory().resolve("other"), 3 * MIB + 7, seed + 1)
                    .path();
            Settled.await();
            assertThat(RecordedRun.record(catalog(), mount.directory()).verdictsOtherThan(Verdict.NEW))
                    .isEmpty();
            Path manifest = directory.resolve("SHA256SUMS");
            Files.writeString(manifest, Command.run("sha256sum", file, other));
            try (var pinned = PinnedPages.of(directory, file, other)) {
                var stored = new StoredBlocks(mount);
                var expected = new TreeMap<Long, Finding>();
                while (expected.size() < flips) {
                    long at = random.nextInt(bytes);
                    long block = at / MIB * MIB;
                    if (!expected.containsKey(block)
                                    && !expected.containsKey(block - MIB)
                                    && !expected.containsKey(block + MIB)
                            || expected.size() > flips / 2) {
                        if (expected.putIfAbsent(
                                        block,
                                        new Finding(
                                                Verdict.DISK_BAD, new ByteRange(block, Math.min(MIB, bytes - block))))
                                == null) {
                            stored.flip(file, at, random.nextInt(8));
                        }
                    }
                }
                var hot = probe.resident(file);

                var verified = RecordedRun.verify(catalog(), mount.directory());

                assertThat(probe.resident(file)).isEqualTo(hot);
                assertThat(Command.run("sha256sum", "-c", manifest)).isEqualTo(file + ": OK\n" + other + ": OK\n");
                assertThat(verified.file(other).verdict()).as("seed " + seed).contains(Verdict.OK);
                var bad = verified.file(file);
                assertThat(bad.verdict()).as("seed " + seed).contains(Verdict.DISK_BAD);
                assertThat(blocks(bad.findings())).as("seed " + seed).isEqualTo(List.copyOf(expected.values()));
                if (kind != Kind.BTRFS) {
                    assertThat(bad.places())
                            .isNotEmpty()
                            .allSatisfy(place -> assertThat(place.device())
                                    .hasValueSatisfying(name -> assertThat(name).startsWith("/dev/loop")));
                }
                // The recorded content stays, so that the next pass finds the same.
                var again = RecordedRun.verify(catalog(), mount.directory());
                assertThat(again.file(file).findings()).isEqualTo(bad.findings());
            }
        }
    }

    /** Single blocks: adjacent ones are one finding. */
    private static List<Finding> blocks(List<Finding> findings) {
        var blocks = new ArrayList<Finding>();
        for (Finding finding : findings) {
            for (long at = finding.range().offsetBytes(); at < finding.range().endBytes(); at += MIB) {
                long end = Math.min(at + MIB, finding.range().endBytes());
                blocks.add(new Finding(finding.verdict(), ByteRange.between(at, end)));
            }
        }
        return blocks;
    }

    @ParameterizedTest
    @CsvSource({"EXT4", "XFS"})
    void everyFlipInAColdFileIsFoundAndNothingElse(Kind kind) throws Exception {
        int files = Amount.of(30, 120, 2000);
        int flips = files / 4;
        long seed = System.nanoTime();
        var random = new Random(seed);
        try (var mount = LoopMount.of(kind, Amount.of(300, 400, 4000))) {
            List<Path> all = new ArrayList<>();
            for (int i = 0; i < files; i++) {
                int bytes = i % 20 == 0 ? 2 * MIB + random.nextInt(3 * MIB) : 16 + random.nextInt(60_000);
                all.add(CachedFile.random(mount.directory().resolve("file-" + i), bytes, seed + i)
                        .path());
            }
            Settled.await();
            var recorded = RecordedRun.record(catalog(), mount.directory());
            assertThat(recorded.verdictsOtherThan(Verdict.NEW)).isEmpty();
            assertThat(recorded.counts().recorded()).isEqualTo(files);
            var stored = new StoredBlocks(mount);
            for (Path file : all.subList(0, flips)) {
                stored.flip(file, random.nextInt((int) Files.size(file)), random.nextInt(8));
            }
            for (Path file : all) {
                var unused = new CachedFile(file).evicted();
            }
            var verified = RecordedRun.verify(catalog(), mount.directory());
            assertThat(verified.counts().of(Verdict.CORRUPT)).as("seed " + seed).isEqualTo(flips);
            for (Path file : all.subList(0, flips)) {
                assertThat(verified.file(file).verdict())
                        .as(file + " seed " + seed)
                        .contains(Verdict.CORRUPT);
                assertThat(verified.file(file).findings()).hasSize(1);
            }
            assertThat(verified.counts().of(Verdict.OK)).isEqualTo(files - flips);
            assertThat(verified.counts().bytes().cache()).isZero();
            // A scan that reads as usual finds the same, since it reads what is cold.
            for (Path file : all) {
                var unused = new CachedFile(file).evicted();
            }
            assertThat(RecordedRun.record(catalog(), mount.directory()).counts().of(Verdict.CORRUPT))
                    .isEqualTo(flips);
        }
    }

    @Test
    void aDirtyFileIsUnsettledAndAsDirtyAsBefore() throws Exception {
        // Not on a loop device, whose own dirty pages make the kernel write sooner.
        Path tree = Files.createDirectory(directory.resolve("tree"));
        Path file = tree.resolve("dirty");
        Path older = directory.resolve("older");
        int mebibytes = Amount.of(16, 32, 1024);
        for (int attempt = 1; attempt <= 5; attempt++) {
            Files.write(older, new byte[4 * MIB]);
            try (var out = Files.newOutputStream(file)) {
                for (int i = 0; i < mebibytes; i++) {
                    out.write(new byte[MIB]);
                }
            }
            long control = dirtyPages(older);
            long before = dirtyPages(file);
            var verified = RecordedRun.verify(catalog(), tree);
            long after = dirtyPages(file);
            if (dirtyPages(older) == control && before > mebibytes * 128L) {
                assertThat(after).isBetween(before - before / 100, before);
                assertThat(verified.verdictsOtherThan(Verdict.UNSETTLED, Verdict.LIVE))
                        .isEmpty();
                return;
            }
        }
        Assumptions.abort("the kernel writes out dirty pages by itself all the time");
    }

    private static long dirtyPages(Path file) throws IOException {
        var posix = RecordedRun.POSIX;
        try (var fd = posix.files().open(BytePath.of(file.toString()), Set.of(OpenFlag.READ_ONLY))) {
            var traits = MountTraits.probe(posix, fd, posix.files().status(fd));
            Assumptions.assumeTrue(
                    traits.cachestat() && traits.type().readsBlockDevice(),
                    "the kernel does not count dirty pages here");
            var count = posix.pages().cachestat(fd, new ByteRange(0, 0));
            return count.dirty() + count.writeback();
        }
    }

    @ParameterizedTest
    @CsvSource({"EXT4", "XFS"})
    void noAlarmAmongFilesThatAreBeingRewritten(Kind kind) throws Exception {
        int files = Amount.of(6, 20, 500);
        long seed = System.nanoTime();
        try (var mount = LoopMount.of(kind, 400)) {
            List<Path> written = new ArrayList<>();
            for (int i = 0; i < files; i++) {
                written.add(CachedFile.random(mount.directory().resolve("file-" + i), 300_000 + i, seed + i)
                        .path());
            }
            Path quiet = CachedFile.random(mount.directory().resolve("quiet"), 3 * MIB, seed - 1)
                    .path();
            Settled.await();
            assertThat(RecordedRun.record(catalog(), mount.directory()).verdictsOtherThan(Verdict.NEW))
                    .isEmpty();
            try (var writers = Rewriters.of(written)) {
                for (int pass = 0; pass < 4; pass++) {
                    var verified = RecordedRun.verify(catalog(), mount.directory());
                    assertThat(verified.verdictsOtherThan(
                                    Verdict.OK, Verdict.MODIFIED, Verdict.UNSETTLED, Verdict.LIVE))
                            .as("seed " + seed)
                            .isEmpty();
                    assertThat(verified.file(quiet).verdict()).contains(Verdict.OK);
                }
                assertThat(writers.isRunning()).isTrue();
            }
        }
    }
}
