// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pagecache.WholeFileReader.Residence;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import io.millrace.testkit.PageProbe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Small files, hot and cold, by every policy and strategy: beside a {@link Window} over the same file, and by a C program. */
class WholeFileReaderIT {
    private static final int MEBIBYTES = 64;

    /** Hosts take idle pages at times (DAMON), and then the two differ. */
    private static final int ATTEMPTS = 4;

    private static final int[] SIZES = {1, 100, 4095, 4096, 4097, 200_000, WholeFileReader.MAX_BYTES};

    @TempDir
    private Path directory;

    private final List<ReadPlan.Wish> wishes = wishes();

    private static List<ReadPlan.Wish> wishes() {
        var all = new ArrayList<ReadPlan.Wish>();
        for (CachePolicy policy : CachePolicy.values()) {
            all.add(ReadPlan.Wish.of(policy));
        }
        for (ReadStrategy strategy : ReadStrategy.values()) {
            all.add(new ReadPlan.Wish(CachePolicy.NEUTRAL, Optional.of(strategy), CachePolicy.DROP, false));
        }
        return all;
    }

    /** What came of one file. */
    private record Read(Residence residence, byte[] content, CacheEffect effect) {}

    private static Read read(Path path, ReadPlan.Wish wish) throws IOException {
        var reader = new WholeFileReader(Stage.POSIX, wish, 4 << 20, new PeakGauge());
        try (var file = Stage.open(path);
                var buffer = NativeBuffer.allocate(4 << 20)) {
            var status = Stage.POSIX.files().status(file);
            assertThat(reader.fits(status)).isTrue();
            Residence residence = reader.begin(file, status, MountTraits.probe(Stage.POSIX, file, status));
            byte[] content = {};
            if (residence != Residence.PARTLY_RESIDENT) {
                content = new byte[reader.read(buffer)];
                buffer.first(content.length).get(content);
                reader.end();
            }
            return new Read(residence, content, reader.takeEffect());
        }
    }

    private static void prepare(Path file, boolean hot) throws IOException {
        Stage.evict(file);
        if (hot) {
            var all = new BitSet();
            all.set(0, (int) ((Files.size(file) + Stage.PAGE_BYTES - 1) / Stage.PAGE_BYTES));
            Stage.heat(file, all);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"EXT4", "XFS", "BTRFS"})
    void doesWhatAWindowDoes(Kind kind) throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var probe = new PageProbe(directory);
        try (var mount = LoopMount.of(kind, MEBIBYTES)) {
            for (int size : SIZES) {
                Path file = Stage.write(mount.directory().resolve("file-" + size), size, random);
                byte[] expected = Files.readAllBytes(file);
                try (var fd = Stage.open(file)) {
                    if (!new WholeFileReader(Stage.POSIX, wishes.get(0), 4 << 20, new PeakGauge())
                            .fits(Stage.POSIX.files().status(fd))) {
                        continue; // stored within its inode (btrfs), which counts as a hole
                    }
                }
                for (ReadPlan.Wish wish : wishes) {
                    for (boolean hot : new boolean[] {true, false}) {
                        String what =
                                kind + ", seed " + seed + ", " + size + " bytes, " + (hot ? "hot, " : "cold, ") + wish;
                        Outcome window = Outcome.NONE;
                        Outcome whole = Outcome.NONE;
                        for (int i = 0; i < ATTEMPTS && (i == 0 || !whole.equals(window)); i++) {
                            prepare(file, hot);
                            CacheEffect effect =
                                    Reading.of(Stage.POSIX, file, wish).effect();
                            window = Outcome.of(effect, probe.resident(file));
                            prepare(file, hot);
                            Read read = read(file, wish);
                            assertThat(read.content()).as(what).isEqualTo(expected);
                            whole = Outcome.of(read.effect(), probe.resident(file));
                        }
                        assertThat(whole).as(what).isEqualTo(window);
                    }
                }
            }
        }
    }

    /**
     * What a read did.
     *
     * @param effect without how much was dropped, since what does not go at first is dropped again
     */
    private record Outcome(CacheEffect effect, boolean drops, int pagesAfter) {
        static final Outcome NONE = new Outcome(CacheEffect.NONE, false, 0);

        static Outcome of(CacheEffect effect, BitSet after) {
            return new Outcome(withoutReleased(effect), effect.releasedBytes() > 0, after.cardinality());
        }
    }

    private static CacheEffect withoutReleased(CacheEffect e) {
        return new CacheEffect(
                e.dontCacheBytes(),
                e.dropBehindBytes(),
                e.plainBytes(),
                e.holeBytes(),
                e.hotBeforeBytes(),
                e.hotAfterBytes(),
                e.leftBytes(),
                0,
                e.unknownBytes());
    }

    @Test
    void leavesAPartlyResidentFileToAWindow() throws Exception {
        try (var mount = LoopMount.of(Kind.EXT4, MEBIBYTES)) {
            Path file = Stage.write(mount.directory().resolve("file"), 200_000, new Random(1));
            prepare(file, false);
            var two = new BitSet();
            two.set(3, 5);
            Stage.heat(file, two);
            Read read = read(file, ReadPlan.Wish.of(CachePolicy.NEUTRAL));
            assertThat(read.residence()).isEqualTo(Residence.PARTLY_RESIDENT);
            assertThat(read.effect()).isEqualTo(CacheEffect.NONE);
            assertThat(new PageProbe(directory).resident(file)).isEqualTo(two);
        }
    }

    @Test
    void endsAfterAFileThatHasShrunk() throws Exception {
        try (var mount = LoopMount.of(Kind.EXT4, MEBIBYTES)) {
            Path path = Stage.write(mount.directory().resolve("file"), 10_000, new Random(1));
            var reader =
                    new WholeFileReader(Stage.POSIX, ReadPlan.Wish.of(CachePolicy.NEUTRAL), 4 << 20, new PeakGauge());
            try (var file = Stage.open(path);
                    var buffer = NativeBuffer.allocate(4 << 20)) {
                var status = Stage.POSIX.files().status(file);
                assertThat(reader.begin(file, status, MountTraits.probe(Stage.POSIX, file, status)))
                        .isEqualTo(Residence.STORED);
                try (var writer = FileChannel.open(path, StandardOpenOption.WRITE)) {
                    var unused = writer.truncate(5_000);
                }
                assertThat(reader.read(buffer)).isEqualTo(5_000);
                reader.end();
                assertThat(Stage.POSIX
                                .pages()
                                .cachestat(file, new ByteRange(0, 0))
                                .dirty())
                        .as("what the truncation wrote is not ours")
                        .isLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void takesNeitherLargeNorSparseFiles() throws Exception {
        var reader = new WholeFileReader(Stage.POSIX, ReadPlan.Wish.of(CachePolicy.NEUTRAL), 64 << 10, new PeakGauge());
        try (var mount = LoopMount.of(Kind.EXT4, MEBIBYTES)) {
            Path large = Stage.write(mount.directory().resolve("large"), (64 << 10) + 1, new Random(1));
            Path sparse = mount.directory().resolve("sparse");
            try (var out = FileChannel.open(sparse, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                int unused = out.write(ByteBuffer.allocate(1), 30_000);
            }
            for (Path each : List.of(large, sparse)) {
                try (var file = Stage.open(each)) {
                    assertThat(reader.fits(Stage.POSIX.files().status(file)))
                            .as(each.toString())
                            .isFalse();
                }
            }
        }
    }
}
