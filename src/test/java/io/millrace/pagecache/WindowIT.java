// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import static io.millrace.testkit.PageProbe.addedBytes;
import static io.millrace.testkit.PageProbe.common;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.testkit.Amount;
import io.millrace.testkit.Command;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import io.millrace.testkit.PageProbe;
import io.millrace.testkit.Undisturbed;
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
    /** Several times what a scan may hold at a time. */
    private static final int MEBIBYTES = Amount.of("millrace.window.mebibytes", 96, 160, 1024);

    private static final long FILE_BYTES = (long) MEBIBYTES << 20;
    private static final int PAGES = (int) (FILE_BYTES / Stage.PAGE_BYTES);

    /** Of hot pages that must be there afterwards, beside those of the control file. */
    private static final double MIN_KEPT = 0.999;

    /** Hosts take idle pages at times (DAMON); a measurement in which the control file lost more is done again. */
    private static final double UNDISTURBED = 0.9998;

    private static final long MAX_LEFT_BYTES = 1 << 20;
    private static final long MAX_OWN_BYTES = 64 << 20;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"EXT4,DONTCACHE", "EXT4,DROP_BEHIND", "XFS,DONTCACHE", "XFS,DROP_BEHIND", "BTRFS,DROP_BEHIND"})
    void leavesThePageCacheAsItWas(Kind kind, ReadStrategy strategy) throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        try (var mount = LoopMount.of(kind, 2 * MEBIBYTES + 400)) {
            Path scanned = Stage.write(mount.directory().resolve("scanned"), FILE_BYTES, random);
            Path control = Stage.write(mount.directory().resolve("control"), FILE_BYTES, random);
            BitSet wanted = Stage.scatteredAndAQuarter(PAGES, random);
            Measured measured = Undisturbed.measure(
                    () -> measure(scanned, control, wanted, strategy),
                    last -> last.controlKept() < UNDISTURBED || last.kept() < MIN_KEPT * last.controlKept());
            assumeThat(measured.reading().plan().strategy())
                    .as(kind + ": this kernel cannot read with " + strategy)
                    .isEqualTo(strategy);
            String figures = kind + " " + strategy + ", seed " + seed + ": " + measured;
            System.out.println(figures);
            assertThat(measured.hotPages()).as(figures).isGreaterThan(PAGES / 4);
            assertThat(measured.kept() / measured.controlKept()).as(figures).isGreaterThanOrEqualTo(MIN_KEPT);
            assertThat(measured.leftBytes()).as(figures).isLessThanOrEqualTo(MAX_LEFT_BYTES);
            assertThat(measured.ownBytes()).as(figures).isLessThanOrEqualTo(MAX_OWN_BYTES);
            assertThat(Command.run("sha256sum", scanned))
                    .as(figures)
                    .startsWith(measured.reading().sha256());
            tellsTheTruth(measured);
        }
    }

    /** {@code ownBytes}: the most pages at any moment, those that were hot left out. */
    private record Measured(
            Reading reading, long hotPages, double kept, double controlKept, long leftBytes, long ownBytes) {
        @Override
        public String toString() {
            return String.format(
                    "kept %.4f %% (control %.4f %%) of %d hot pages, left %d bytes, own pages at most %.1f MiB, by our"
                            + " own gauge %.1f MiB",
                    100 * kept,
                    100 * controlKept,
                    hotPages,
                    leftBytes,
                    ownBytes / 1048576.0,
                    reading.peakBytes() / 1048576.0);
        }
    }

    private Measured measure(Path scanned, Path control, BitSet wanted, ReadStrategy strategy) throws Exception {
        var probe = new PageProbe(directory);
        Stage.evict(control);
        Stage.evict(scanned);
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
        assertThat(sampler.samples()).isPositive();
        return new Measured(
                reading,
                hot.cardinality(),
                (double) common(hot, after) / hot.cardinality(),
                (double) common(controlHot, controlAfter) / controlHot.cardinality(),
                addedBytes(hot, after),
                sampler.mostBytes() - (long) hot.cardinality() * Stage.PAGE_BYTES);
    }

    /** What the window says of itself agrees with the C program, but for pages that went between the looks. */
    private static void tellsTheTruth(Measured measured) {
        CacheEffect effect = measured.reading().effect();
        long hotBytes = measured.hotPages() * Stage.PAGE_BYTES;
        assertThat(effect.hotBeforeBytes()).isBetween((long) (hotBytes * 0.9), (long) (hotBytes * 1.01));
        assertThat(effect.hotAfterBytes()).isBetween((long) (effect.hotBeforeBytes() * 0.9), effect.hotBeforeBytes());
        assertThat(effect.leftBytes())
                .isBetween(measured.leftBytes() - MAX_LEFT_BYTES, measured.leftBytes() + MAX_LEFT_BYTES);
        assertThat(effect.unknownBytes()).isZero();
    }

    static ReadPlan.Wish forced(ReadStrategy strategy) {
        return new ReadPlan.Wish(CachePolicy.NEUTRAL, Optional.of(strategy), CachePolicy.DROP, false);
    }
}
