// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import static io.millrace.testkit.PageProbe.addedBytes;
import static io.millrace.testkit.PageProbe.common;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.testkit.Command;
import io.millrace.testkit.LoopMount;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.PageProbe;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The page cache after a scan is the page cache before it: on real file systems, counted by a C program, beside a
 * control file that is as hot and that nobody scans.
 */
class WindowIT {
    private static final int MEBIBYTES = 512;
    private static final long FILE_BYTES = (long) MEBIBYTES << 20;
    private static final int PAGES = (int) (FILE_BYTES / Stage.PAGE_BYTES);

    /** Of hot pages that must be there afterwards, beside those of the control file. */
    private static final double LEAST_KEPT = 0.999;

    private static final long MOST_LEFT_BYTES = 1 << 20;
    private static final long MOST_OWN_BYTES = 64 << 20;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"EXT4,DONTCACHE", "EXT4,DROP_BEHIND", "XFS,DONTCACHE", "XFS,DROP_BEHIND", "BTRFS,DROP_BEHIND"})
    void leavesThePageCacheAsItWas(Kind kind, ReadStrategy strategy) throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var probe = new PageProbe(directory);
        try (var mount = LoopMount.of(kind, 2 * MEBIBYTES + 400)) {
            Path scanned = Stage.write(mount.directory().resolve("scanned"), FILE_BYTES, random);
            Path control = Stage.write(mount.directory().resolve("control"), FILE_BYTES, random);
            BitSet wanted = Stage.scatteredAndAQuarter(PAGES, random);
            Stage.heat(control, wanted);
            Stage.heat(scanned, wanted);
            BitSet hot = probe.resident(scanned);
            BitSet controlHot = probe.resident(control);

            var sampler = new Sampler(scanned);
            Reading reading;
            try (sampler) {
                reading = Reading.of(Stage.POSIX, scanned, forced(strategy));
            }
            BitSet after = probe.resident(scanned);
            BitSet controlAfter = probe.resident(control);

            assumeThat(reading.plan().strategy())
                    .as(kind + ": this kernel cannot read with " + strategy)
                    .isEqualTo(strategy);
            double kept = (double) common(hot, after) / hot.cardinality();
            double controlKept = (double) common(controlHot, controlAfter) / controlHot.cardinality();
            long left = addedBytes(hot, after);
            long own = sampler.mostBytes() - (long) hot.cardinality() * Stage.PAGE_BYTES;
            String figures = String.format(
                    "%s %s, seed %d: kept %.4f %% (control %.4f %%) of %d hot pages, left %d bytes, own pages at most"
                            + " %.1f MiB in %d samples, by our own gauge %.1f MiB",
                    kind,
                    strategy,
                    seed,
                    100 * kept,
                    100 * controlKept,
                    hot.cardinality(),
                    left,
                    own / 1048576.0,
                    sampler.samples(),
                    reading.peakBytes() / 1048576.0);
            System.out.println(figures);
            assertThat(hot.cardinality()).as(figures).isGreaterThan(PAGES / 4);
            assertThat(kept / controlKept).as(figures).isGreaterThanOrEqualTo(LEAST_KEPT);
            assertThat(left).as(figures).isLessThanOrEqualTo(MOST_LEFT_BYTES);
            assertThat(own).as(figures).isLessThanOrEqualTo(MOST_OWN_BYTES);
            assertThat(Command.run("sha256sum", scanned)).as(figures).startsWith(reading.sha256());
            tellsTheTruth(reading.effect(), hot, left);
        }
    }

    /** What the window says of itself agrees with the C program, but for pages that came or went between the looks. */
    private static void tellsTheTruth(CacheEffect effect, BitSet hot, long left) {
        long hotBytes = (long) hot.cardinality() * Stage.PAGE_BYTES;
        assertThat(effect.hotBeforeBytes()).isBetween((long) (hotBytes * 0.99), (long) (hotBytes * 1.01));
        assertThat(effect.hotAfterBytes()).isBetween((long) (effect.hotBeforeBytes() * 0.99), effect.hotBeforeBytes());
        assertThat(effect.leftBytes()).isBetween(left - MOST_LEFT_BYTES, left + MOST_LEFT_BYTES);
        assertThat(effect.unknownBytes()).isZero();
    }

    static ReadPlan.Wish forced(ReadStrategy strategy) {
        return new ReadPlan.Wish(CachePolicy.NEUTRAL, Optional.of(strategy), CachePolicy.DROP, false);
    }
}
