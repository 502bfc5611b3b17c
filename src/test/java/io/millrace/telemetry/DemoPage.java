// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.CachePolicy;
import io.millrace.prealloc.pool.PoolState;
import io.millrace.scan.ReadFigures;
import io.millrace.scan.job.ScanState;
import io.millrace.scan.job.ScanStatus;
import io.millrace.telemetry.http.HttpOptions;
import io.millrace.telemetry.http.StatusHttpServer;
import io.millrace.telemetry.metrics.Metrics;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** To look at the status page in a browser: a service that is made up, and changes. Argument: the port. */
final class DemoPage {
    private static final double HALF_MINUTE = 30;

    private final Instant started = Instant.now();
    private long bytes;
    private Instant last = started;

    private DemoPage() {}

    public static void main(String[] arguments) throws Exception {
        var demo = new DemoPage();
        var metrics = new Metrics("0.1.0", Map::of);
        metrics.show(demo::snapshot);
        var listen = new ListenAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        try (metrics;
                var face = new StatusHttpServer(
                        new HttpOptions(listen, List.of()),
                        demo::snapshot,
                        () -> demo.snapshot().scans(),
                        metrics,
                        () -> true)) {
            System.out.println("http:/" + face.address());
            Thread.currentThread().join();
        }
    }

    private synchronized ServiceSnapshot snapshot() {
        Instant now = Instant.now();
        double seconds = Duration.between(started, now).toMillis() / 1e3;
        double rate = (380 + 120 * Math.sin(seconds / 9) + 40 * Math.sin(seconds * 3)) * (1 << 20);
        boolean yielding = seconds % HALF_MINUTE > 24;
        double moved = yielding ? 0 : rate * Duration.between(last, now).toNanos() / 1e9;
        bytes += Math.round(moved);
        last = now;
        var scans = List.of(
                scan("backups-3", yielding ? ScanState.YIELDING : ScanState.RUNNING, bytes, yielding ? 0 : rate),
                over("media-2", ScanState.FINISHED, 3),
                over("request-1", ScanState.FAILED, 0));
        int ready = 3 + (int) (seconds % 6);
        var pools = List.of(
                Statuses.pool("wal", ready < 8 ? PoolState.FILLING : PoolState.READY, ready, 8),
                Statuses.pool("staging", PoolState.READY, 64, 64),
                Statuses.pool("archive", PoolState.STARVED, 1, 4));
        var sources = List.of(
                Statuses.source("backups", Optional.of(now.minusSeconds(93_000)), Optional.empty()),
                Statuses.source("media", Optional.of(now.minusSeconds(1_200)), Optional.empty()),
                Statuses.source(
                        "logs", Optional.empty(), Optional.of("/srv/logs: openat2: permission denied (EACCES)")));
        var workers = List.of(Statuses.worker("index", 2, 1, false), Statuses.worker("thumbnails", 0, 0, true));
        var service = new ServiceSnapshot.Service(
                "0.1.0",
                started,
                "/etc/millrace/millrace.yaml",
                "/var/lib/millrace/results",
                "Pool archive is starved (12 GiB free, the reserve is 10%); 1 scan at 412 MiB/s.",
                List.of(),
                false);
        return new ServiceSnapshot(now, service, pools, scans, sources, workers);
    }

    private ScanStatus scan(String id, ScanState state, long done, double rate) {
        return new ScanStatus(
                id,
                Optional.of("backups"),
                state,
                started.minusSeconds(95),
                Optional.empty(),
                1234,
                0,
                0,
                0,
                done,
                OptionalLong.of(64L << 30),
                new ReadFigures(done, done / 2, rate, rate / 2, rate),
                500 << 20,
                Duration.ofSeconds(state == ScanState.YIELDING ? 3 : 0),
                Duration.ZERO,
                List.of("/srv/backups/<img src=x onerror=alert(1)>", "/srv/backups/esc\u001b[31m\u202e.tar.zst"),
                new CacheEffect(0, done, 0, 0, 0, 0, 2 << 20, done, 0),
                CachePolicy.NEUTRAL,
                Optional.empty());
    }

    private ScanStatus over(String id, ScanState state, long failed) {
        boolean broken = state == ScanState.FAILED;
        return new ScanStatus(
                id,
                Optional.empty(),
                state,
                started.minusSeconds(4000),
                Optional.of(started.minusSeconds(1000)),
                48_211,
                failed,
                0,
                0,
                broken ? 0 : 812L << 30,
                OptionalLong.empty(),
                broken ? ReadFigures.NONE : new ReadFigures(812L << 30, 812L << 30, 290 << 20, 290 << 20, 290 << 20),
                0,
                Duration.ZERO,
                Duration.ZERO,
                List.of(),
                CacheEffect.NONE,
                CachePolicy.NEUTRAL,
                broken ? Optional.of("/srv/gone: openat2: no such file or directory (ENOENT)") : Optional.empty());
    }
}
