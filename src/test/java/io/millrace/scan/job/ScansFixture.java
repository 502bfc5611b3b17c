// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import io.millrace.pagecache.CachePolicy;
import io.millrace.pagecache.ReadPlan;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.scan.ScanOptions;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.walk.FileFilter;
import io.millrace.scan.walk.FileOrder;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.Command;
import io.millrace.testkit.Leftovers;
import io.millrace.worker.WorkerPool;
import io.millrace.worker.WorkerPools;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The scans of a service, of real files, with others' waiting for the disk as the test says. */
abstract class ScansFixture {
    static final int MEGABYTE = 1 << 20;

    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    final AtomicLong waitedMicros = new AtomicLong();
    volatile long microsPerLook;
    final HeardScans heard = new HeardScans();
    ScanService.Leasing leasing = names -> {
        throw new IllegalArgumentException("no worker " + names);
    };
    final ScanService scans = scans(Thread::new);

    ScanService scans(ThreadFactory threads) {
        return new ScanService(
                LinuxPosix.create(),
                names -> leasing.lease(names),
                heard,
                () -> waitedMicros.addAndGet(microsPerLook),
                threads);
    }

    @AfterEach
    void close() {
        heard.gate.open(); // a test that failed may have left them closed, and no interrupt ends the wait for a scan
        heard.endGate.open();
        scans.close();
    }

    ScanRequest request(Optional<String> source, long rate, OptionalDouble yieldAbove, Path... paths) {
        var options = new ScanOptions(
                Set.of(DigestAlgorithm.SHA256), ReadPlan.Wish.of(CachePolicy.NEUTRAL), 2, MEGABYTE, Optional.empty());
        var names =
                Arrays.stream(paths).map(path -> BytePath.of(path.toString())).toList();
        return new ScanRequest(
                source,
                names,
                Optional.empty(),
                FileFilter.ALL,
                FileOrder.DIRECTORY,
                options,
                List.of(),
                rate,
                yieldAbove);
    }

    static ScanRequest with(ScanRequest plain, List<String> workers) {
        return new ScanRequest(
                plain.source(),
                plain.paths(),
                plain.within(),
                plain.filter(),
                plain.order(),
                plain.options(),
                workers,
                plain.bytesPerSecond(),
                plain.yieldAbove());
    }

    static WorkerPools.Lease lease(List<WorkerPool> pools, Runnable end) {
        return new WorkerPools.Lease() {
            @Override
            public List<WorkerPool> pools() {
                return pools;
            }

            @Override
            public void close() {
                end.run();
            }
        };
    }

    String start(long rate, Path... paths) {
        return scans.start(request(Optional.empty(), rate, OptionalDouble.empty(), paths));
    }

    static void until(Callable<Boolean> condition) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(condition);
    }

    ScanStatus awaitEnd(String id) {
        until(() -> scans.status(id).state().isOver());
        return scans.status(id);
    }

    static String sha256sum(Path file) throws Exception {
        return Command.run("sha256sum", file.toString()).substring(0, 64);
    }

    Path cold(String name, long bytes) throws IOException {
        Path path = directory.resolve(name);
        var unused = CachedFile.random(path, bytes, name.hashCode()).evicted();
        return path;
    }
}
