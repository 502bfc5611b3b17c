// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.lifecycle.CancellationToken;
import io.millrace.pagecache.CachePolicy;
import io.millrace.pagecache.ReadPlan;
import io.millrace.pagecache.ReadStrategy;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.throttle.InodeLocks;
import io.millrace.scan.throttle.RateLimiter;
import io.millrace.scan.throttle.ReadGate;
import io.millrace.scan.walk.WalkSpec;
import io.millrace.testkit.Descriptors;
import io.millrace.worker.WorkerPool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A scan of a test with all it told; it fails where the scan leaves a thread or a descriptor behind. */
public final class ScanRun {
    private Posix posix = LinuxPosix.create();
    private Set<DigestAlgorithm> digests = EnumSet.of(DigestAlgorithm.SHA256);
    private ReadPlan.Wish wish = ReadPlan.Wish.of(CachePolicy.NEUTRAL);
    private int parallelFiles = 2;
    private int readBytes = ScanOptions.DEFAULT_READ_BYTES;
    private ScanSharing shared = ScanSharing.alone(new RateLimiter(RateLimiter.UNLIMITED));
    private ScanListener listener = new ScanListener() {};
    private Workers workers = Workers.NONE;
    private UnaryOperator<WalkSpec> where = UnaryOperator.identity();
    private final CancellationToken stop = new CancellationToken();
    private final List<FileResult> results = new ArrayList<>();

    public static ScanRun with(DigestAlgorithm... algorithms) {
        var run = new ScanRun();
        run.digests = Set.of(algorithms);
        return run;
    }

    public ScanRun over(Posix calls) {
        posix = calls;
        return this;
    }

    /** Beside the digests; the pools stay the caller's. */
    public ScanRun feeding(WorkerPool... pools) {
        workers = new Workers(List.of(pools), "test");
        return this;
    }

    /** How the paths are walked, unless plainly. */
    public ScanRun walking(UnaryOperator<WalkSpec> how) {
        where = how;
        return this;
    }

    public ScanRun parallel(int files) {
        parallelFiles = files;
        return this;
    }

    public ScanRun reads(int bytes) {
        readBytes = bytes;
        return this;
    }

    public ScanRun rate(long bytesPerSecond) {
        shared = ScanSharing.alone(new RateLimiter(bytesPerSecond));
        return this;
    }

    /** One of several scans. */
    public ScanRun sharing(ReadGate gate, InodeLocks turns) {
        shared = new ScanSharing(gate, turns, status -> {});
        return this;
    }

    public ScanRun strategy(ReadStrategy forced) {
        wish = new ReadPlan.Wish(CachePolicy.NEUTRAL, Optional.of(forced), CachePolicy.DROP, false);
        return this;
    }

    /** Hears every result after it was noted. */
    public ScanRun tell(ScanListener to) {
        listener = to;
        return this;
    }

    /** What {@link #of} scans hears it. */
    public CancellationToken stop() {
        return stop;
    }

    public ScanSummary of(Path... paths) throws IOException, InterruptedException {
        var list =
                Arrays.stream(paths).map(path -> BytePath.of(path.toString())).toList();
        var options = new ScanOptions(digests, wish, parallelFiles, readBytes, Optional.empty());
        var scanner = new BulkScanner(posix, options, workers, shared, stop);
        List<String> before = openFilesUnder(paths);
        try {
            return scanner.scan(where.apply(WalkSpec.of(list.iterator())), new ScanListener() {
                @Override
                public void fileFinished(FileResult result) throws IOException {
                    results.add(result);
                    listener.fileFinished(result);
                }
            });
        } finally {
            if (!openFilesUnder(paths).equals(before)) { // a test's own thread may close its file a moment later
                await().untilAsserted(() -> assertThat(openFilesUnder(paths))
                        .as("descriptors that the scan left open")
                        .isEqualTo(before));
            }
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .as("threads that the scan left running")
                    .noneMatch(name -> name.startsWith("millrace-scan-"));
        }
    }

    private static List<String> openFilesUnder(Path... paths) throws IOException {
        return Descriptors.open().entrySet().stream()
                .filter(open -> Arrays.stream(paths).anyMatch(Path.of(open.getValue())::startsWith))
                .map(open -> open.getKey() + " -> " + open.getValue())
                .toList();
    }

    /** In the order in which they were told. */
    public List<FileResult> results() {
        return results;
    }

    /** The only result. */
    public FileResult result() {
        assertThat(results).hasSize(1);
        return results.get(0);
    }

    public List<String> errors() {
        return results.stream().flatMap(result -> result.error().stream()).toList();
    }

    public static String hex(FileResult result, DigestAlgorithm algorithm) {
        return HexFormat.of().formatHex(result.digests().get(algorithm));
    }
}
