// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.libc.ByteRange;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResidencySnapshotIT {
    private static final int PAGES = 3000;
    private static final int PAGE_BYTES = Stage.PAGE_BYTES;
    private static final int PIECE_PAGES = 64;
    private static final int ROUNDS = 500;

    @TempDir
    private Path directory;

    /** On tmpfs, where what was written is resident and what was not is not, and no host takes it. */
    @Test
    void remembersWhatWasColdInEveryPieceUntilItIsRetired() throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        try (var mount = LoopMount.of(Kind.TMPFS, 32)) {
            BitSet hot = Stage.scatteredAndAQuarter(PAGES, random);
            Path file = Stage.writePages(mount.directory().resolve("file"), PAGES, hot);
            try (var fd = Stage.open(file)) {
                var traits =
                        MountTraits.probe(Stage.POSIX, fd, Stage.POSIX.files().status(fd));
                var residency = new Residency(Stage.POSIX, traits);
                var survey = new ResidencySnapshot(
                        residency, fd, (long) PAGES * PAGE_BYTES, (long) PIECE_PAGES * PAGE_BYTES, PAGE_BYTES);
                survey.reach(0, 1);
                assertThat(survey.reached()).isEqualTo((long) PIECE_PAGES * PAGE_BYTES);
                survey.reach(0, (long) PAGES * PAGE_BYTES);
                assertThat(survey.reached()).isEqualTo((long) PAGES * PAGE_BYTES);
                assertThat(survey.addedBytes()).isZero();
                for (int round = 0; round < ROUNDS; round++) {
                    int from = random.nextInt(PAGES);
                    int end = from + 1 + random.nextInt(PAGES - from);
                    var range = ByteRange.between((long) from * PAGE_BYTES, (long) end * PAGE_BYTES);
                    String which = "seed " + seed + ", pages " + from + " to " + end;
                    var cold = new BitSet();
                    for (ByteRange run : survey.coldRuns(range)) {
                        cold.set((int) (run.offsetBytes() / PAGE_BYTES), (int) (run.endBytes() / PAGE_BYTES));
                    }
                    var expected = new BitSet();
                    expected.set(from, end);
                    expected.andNot(hot);
                    assertThat(cold).as(which).isEqualTo(expected);
                    assertThat(survey.isHot(range)).as(which).isEqualTo(expected.isEmpty());
                }
                retiresInOrder(survey);
            }
        }
    }

    private static void retiresInOrder(ResidencySnapshot survey) {
        long piece = (long) PIECE_PAGES * PAGE_BYTES;
        assertThat(survey.retire(piece - 1)).isNull();
        for (int i = 0; i < 3; i++) {
            assertThat(survey.retire(3 * piece).range()).isEqualTo(new ByteRange(i * piece, piece));
        }
        assertThat(survey.retire(3 * piece)).isNull();
        assertThat(survey.coldRuns(new ByteRange(0, 3 * piece))).isEmpty();
    }

    @Test
    void skipsWhatNobodyWillRead() throws Exception {
        Path file = Stage.write(directory.resolve("file"), 100 * PAGE_BYTES, new Random(1));
        try (var fd = Stage.open(file)) {
            var survey = new ResidencySnapshot(null, fd, 100 * PAGE_BYTES, 10 * PAGE_BYTES, PAGE_BYTES);
            survey.reach(57 * PAGE_BYTES, 58 * PAGE_BYTES);
            assertThat(survey.reached()).isEqualTo(60 * PAGE_BYTES);
            assertThat(survey.coldRuns(new ByteRange(0, 100 * PAGE_BYTES)))
                    .as("without a residency all counts as cold")
                    .containsExactly(new ByteRange(50 * PAGE_BYTES, 10 * PAGE_BYTES));
        }
    }
}
