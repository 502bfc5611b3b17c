// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static io.millrace.testkit.PageProbe.addedBytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.linux.LinuxPosix;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.Command;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import io.millrace.testkit.PageProbe;
import io.millrace.testkit.Undisturbed;
import io.millrace.worker.SlowPolicy;
import io.millrace.worker.WorkerListener;
import io.millrace.worker.WorkerMode;
import io.millrace.worker.WorkerOutcome;
import io.millrace.worker.WorkerPool;
import io.millrace.worker.WorkerSpec;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Eight workers and a digest: one read of the device for all, and the page cache as it was. */
class WorkerColdIT {
    private static final int MEBIBYTES = 256;
    private static final long FILE_BYTES = ((long) MEBIBYTES << 20) - 12_345;
    private static final long CONTROL_BYTES = FILE_BYTES / 4;
    private static final double MAX_READS = 1.02;
    private static final double MIN_KEPT = 0.999;

    /** Hosts take idle pages at times (DAMON), of one file or the other: such a measurement is done again. */
    private static final double UNDISTURBED = 0.9998;

    private static final long MAX_LEFT_BYTES = 1 << 20;
    private static final List<String> STOPS_ITSELF = List.of("sh", "-c", "kill -STOP $$");

    @TempDir
    private Path directory;

    /** {@code reads}: bytes read from the device, in parts of what was cold. */
    private record Measured(ScanRun run, double reads, double kept, double controlKept, long leftBytes) {
        boolean isDisturbed() {
            return controlKept < UNDISTURBED || kept < MIN_KEPT * controlKept || reads > MAX_READS;
        }

        @Override
        public String toString() {
            return String.format(
                    "device read %.4f times, kept %.4f %% of hot pages (control %.4f %%), left %d bytes",
                    reads, 100 * kept, 100 * controlKept, leftBytes);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EXT4", "XFS"})
    void oneReadServesAllAndHotPagesStay(Kind kind) throws Exception {
        var commands = new ArrayList<List<String>>();
        for (int i = 0; i < 4; i++) {
            commands.add(List.of("wc", "-c"));
            commands.add(List.of("sha256sum"));
        }
        try (var mount = LoopMount.of(kind, MEBIBYTES + MEBIBYTES / 4 + 100)) {
            Measured measured = measure(mount, commands);
            System.out.println(kind + ": " + measured);
            assertNeutral(measured);
            String sum = assertDigest(measured, mount);
            for (WorkerOutcome outcome : measured.run().result().workers()) {
                assertThat(outcome.isDone()).as(outcome.toString()).isTrue();
                assertThat(outcome.output())
                        .isEqualTo(outcome.worker().startsWith("wc") ? FILE_BYTES + "\n" : sum + "  -\n");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "XFS")
    void oneThatIsStoppedIsLetGoAndCostsNothing(Kind kind) throws Exception {
        try (var mount = LoopMount.of(kind, MEBIBYTES + MEBIBYTES / 4 + 100)) {
            Measured measured = measure(mount, List.of(List.of("sha256sum"), STOPS_ITSELF, List.of("wc", "-c")));
            System.out.println(kind + ", one stopped: " + measured);
            assertNeutral(measured);
            String sum = assertDigest(measured, mount);
            var outcomes = measured.run().result().workers();
            assertThat(outcomes)
                    .extracting(outcome -> outcome.kind().label())
                    .containsExactly("done", "detached", "done");
            assertThat(outcomes.get(0).output()).isEqualTo(sum + "  -\n");
            assertThat(outcomes.get(2).output()).isEqualTo(FILE_BYTES + "\n");
        }
    }

    private static void assertNeutral(Measured measured) {
        String figures = measured.toString();
        assertThat(measured.reads()).as(figures).isBetween(0.98, MAX_READS);
        assertThat(measured.kept()).as(figures).isGreaterThanOrEqualTo(MIN_KEPT * measured.controlKept());
        assertThat(measured.leftBytes()).as(figures).isLessThanOrEqualTo(MAX_LEFT_BYTES);
    }

    private static String assertDigest(Measured measured, LoopMount mount) throws Exception {
        String sum = Command.run("sha256sum", mount.directory().resolve("fed")).substring(0, 64);
        assertThat(measured.run().errors()).isEmpty();
        assertThat(ScanRun.hex(measured.run().result(), DigestAlgorithm.SHA256)).isEqualTo(sum);
        return sum;
    }

    private Measured measure(LoopMount mount, List<List<String>> commands) throws Exception {
        var fed = CachedFile.random(mount.directory().resolve("fed"), FILE_BYTES, 1);
        var control = CachedFile.random(mount.directory().resolve("control"), CONTROL_BYTES, 2);
        return Undisturbed.measure(() -> once(mount, fed, control, commands), Measured::isDisturbed);
    }

    private Measured once(LoopMount mount, CachedFile fed, CachedFile control, List<List<String>> commands)
            throws Exception {
        var probe = new PageProbe(directory);
        for (CachedFile file : List.of(control, fed)) {
            var unused = file.evicted();
            heatSecondHalf(file.path());
        }
        BitSet controlHot = probe.settled(control.path());
        BitSet hot = probe.settled(fed.path());
        long coldBytes = FILE_BYTES - Math.min(FILE_BYTES, (long) hot.cardinality() * PageProbe.PAGE_BYTES);
        var run = ScanRun.with(DigestAlgorithm.SHA256);
        var pools = pools(commands);
        long before = mount.deviceReadBytes();
        try {
            var unused = run.feeding(pools.toArray(new WorkerPool[0])).of(fed.path());
        } finally {
            for (WorkerPool pool : pools) {
                pool.close();
            }
        }
        double reads = (double) (mount.deviceReadBytes() - before) / coldBytes;
        BitSet after = probe.resident(fed.path());
        BitSet controlAfter = probe.resident(control.path());
        return new Measured(run, reads, kept(hot, after), kept(controlHot, controlAfter), addedBytes(hot, after));
    }

    private static double kept(BitSet before, BitSet after) {
        return (double) PageProbe.common(before, after) / before.cardinality();
    }

    private static void heatSecondHalf(Path path) throws IOException {
        try (var file = new RandomAccessFile(path.toFile(), "r")) {
            int half = (int) (file.length() / 2);
            file.seek(half);
            file.readFully(new byte[(int) (file.length() - half)]);
        }
    }

    private static List<WorkerPool> pools(List<List<String>> commands) {
        var pools = new ArrayList<WorkerPool>();
        for (List<String> command : commands) {
            var spec = new WorkerSpec(
                    String.join(" ", command) + " " + pools.size(),
                    command,
                    WorkerMode.PER_FILE,
                    1,
                    command.equals(STOPS_ITSELF) ? SlowPolicy.DETACH : SlowPolicy.BLOCK,
                    WorkerSpec.Surroundings.DEFAULT,
                    WorkerSpec.Limits.DEFAULT);
            pools.add(new WorkerPool(LinuxPosix.create(), spec, new WorkerListener() {}));
        }
        return pools;
    }
}
