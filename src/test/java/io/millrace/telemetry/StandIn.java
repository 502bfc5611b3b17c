// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.CachePolicy;
import io.millrace.pagecache.ReadPlan;
import io.millrace.posix.BytePath;
import io.millrace.posix.Errno;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import io.millrace.posix.Roots;
import io.millrace.prealloc.Fill;
import io.millrace.prealloc.NamePattern;
import io.millrace.prealloc.PoolSpec;
import io.millrace.prealloc.PoolState;
import io.millrace.prealloc.PoolStatus;
import io.millrace.prealloc.Reserve;
import io.millrace.scan.DigestAlgorithm;
import io.millrace.scan.FileFilter;
import io.millrace.scan.FileOrder;
import io.millrace.scan.ScanOptions;
import io.millrace.scan.ScanRequest;
import io.millrace.scan.ScanState;
import io.millrace.scan.ScanStatus;
import io.millrace.scan.Schedule;
import io.millrace.scan.SourceSpec;
import io.millrace.scan.SourceStatus;
import io.millrace.worker.SlowPolicy;
import io.millrace.worker.WorkerMode;
import io.millrace.worker.WorkerSpec;
import io.millrace.worker.WorkerStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A service that does nothing but remember what it was told; its statuses are made by hand. */
public final class StandIn implements DaemonControl {
    private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

    /** What it was told, in order. */
    public final List<String> told = new CopyOnWriteArrayList<>();

    public final Map<String, ScanStatus> scans = new ConcurrentHashMap<>();
    public final JmxEvents events = new JmxEvents();
    volatile ScanRequest lastRequest;

    public StandIn() {
        scans.put("backups-1", scan("backups-1", ScanState.RUNNING, "/srv/backups/<img src=x onerror=alert(1)>"));
    }

    /** Serves a person's JConsole or jmxterm until it is killed: PORT RUNTIME-DIRECTORY. */
    public static void main(String[] arguments) throws Exception {
        long start = System.nanoTime();
        var service = new StandIn();
        var listen = new Listen(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        try (var face =
                service.open(new JmxOptions(listen, Optional.empty(), Optional.empty()), Path.of(arguments[1]))) {
            System.out.println("open after ms " + (System.nanoTime() - start) / 1_000_000 + ", port " + face.port());
            Thread.sleep(Duration.ofHours(1).toMillis());
        }
    }

    public JmxFace open(JmxOptions options, Path runtimeDirectory) throws IOException {
        return JmxFace.open(options, controls(), events, BytePath.of(runtimeDirectory.toString()));
    }

    /** On loopback, any port. */
    public JmxFace open(Path runtimeDirectory) throws IOException {
        var listen = new Listen(InetAddress.getLoopbackAddress(), 0);
        return open(new JmxOptions(listen, Optional.empty(), Optional.empty()), runtimeDirectory);
    }

    private Controls controls() {
        Posix posix = Posix.linux();
        return new Controls(
                posix,
                this,
                new FakePools(),
                new FakeScans(),
                new FakeSources(),
                new FakeWorkers(),
                () -> new Roots(posix.files(), List.of(BytePath.of("/srv"))));
    }

    static ScanStatus scan(String id, ScanState state, String reading) {
        return new ScanStatus(
                id,
                Optional.of("backups"),
                state,
                START,
                state.isOver() ? Optional.of(START.plusSeconds(90)) : Optional.empty(),
                12,
                1,
                2,
                3,
                5L << 30,
                OptionalLong.of(20L << 30),
                210e6,
                200L << 20,
                Duration.ofMillis(2500),
                List.of(reading),
                new CacheEffect(1, 2, 3, 4, 500, 499, 7, 800, 0),
                CachePolicy.NEUTRAL,
                Optional.empty());
    }

    public static PoolStatus pool(PoolState state, Optional<String> reason) {
        var spec = new PoolSpec(
                "wal",
                BytePath.of("/srv/wal/ready"),
                64L << 20,
                8,
                new NamePattern("segment-%016x"),
                Fill.RESERVE,
                0640,
                OptionalInt.empty(),
                OptionalInt.empty(),
                new Reserve(0, 10));
        return new PoolStatus(
                spec, state, 5, 42, 1.5, reason, 1L << 30, 1, List.of("notes.txt: not ours"), OptionalDouble.of(7200));
    }

    private static WorkerStatus worker() {
        var spec = new WorkerSpec(
                "index",
                List.of("python3", "/etc/millrace/workers/index.py"),
                WorkerMode.PERSISTENT,
                2,
                SlowPolicy.BLOCK,
                WorkerSpec.Surroundings.DEFAULT,
                WorkerSpec.Limits.DEFAULT);
        return new WorkerStatus(spec, 2, 1, 3L << 30, 4, false, Optional.of("ended by SIGSEGV"));
    }

    private static SourceStatus source() {
        var options = new ScanOptions(
                Set.of(DigestAlgorithm.SHA256),
                ReadPlan.Wish.of(CachePolicy.NEUTRAL),
                2,
                ScanOptions.DEFAULT_READ_BYTES,
                Optional.empty());
        var what = new ScanRequest(
                Optional.of("backups"),
                List.of(BytePath.of("/srv/backups")),
                Optional.empty(),
                FileFilter.ALL,
                FileOrder.DIRECTORY,
                options,
                List.of("index"),
                200L << 20,
                OptionalDouble.empty());
        var spec = new SourceSpec("backups", what, new Schedule.Every(Duration.ofHours(24)), true);
        return new SourceStatus(
                spec,
                Optional.of("backups-1"),
                Optional.of(START),
                Optional.empty(),
                Optional.of(START.plusSeconds(86_400)),
                Optional.of("2 files failed"));
    }

    private void need(String what, String name, String known) {
        if (!name.equals(known)) {
            throw new IllegalArgumentException("no " + what + " is called " + name);
        }
    }

    private final class FakePools implements Controls.OfPools {
        @Override
        public List<PoolStatus> statuses() {
            return List.of(pool(PoolState.FILLING, Optional.empty()));
        }

        @Override
        public PoolStatus status(String pool) {
            need("pool", pool, "wal");
            return statuses().get(0);
        }

        @Override
        public BytePath claim(String pool, BytePath destination) throws IOException {
            need("pool", pool, "wal");
            if (destination.equals(BytePath.of("/etc/passwd"))) {
                throw new PosixException("renameat2", Errno.EEXIST, destination);
            }
            told.add("claim " + pool + " " + destination);
            return destination;
        }

        @Override
        public void refill(String pool) {
            need("pool", pool, "wal");
            told.add("refill " + pool);
        }

        @Override
        public void resize(String pool, int ready) {
            need("pool", pool, "wal");
            told.add("resize " + pool + " " + ready);
        }
    }

    private final class FakeScans implements Controls.OfScans {
        private volatile long totalRate;

        @Override
        public List<ScanStatus> statuses() {
            return List.copyOf(scans.values());
        }

        @Override
        public ScanStatus status(String id) {
            ScanStatus status = scans.get(id);
            if (status == null) {
                throw new IllegalArgumentException("no scan is called " + id);
            }
            return status;
        }

        @Override
        public String start(ScanRequest request) {
            lastRequest = request;
            told.add("start " + request.paths() + " " + request.options().digests() + " " + request.workers() + " "
                    + request.bytesPerSecond());
            return "request-1";
        }

        private boolean tell(String what, String id) {
            boolean over = status(id).state().isOver();
            told.add(what + " " + id);
            return !over;
        }

        @Override
        public boolean pause(String id) {
            return tell("pause", id);
        }

        @Override
        public boolean resume(String id) {
            return tell("resume", id);
        }

        @Override
        public boolean cancel(String id) {
            return tell("cancel", id);
        }

        @Override
        public boolean setRate(String id, long bytesPerSecond) {
            return tell("rate " + bytesPerSecond, id);
        }

        @Override
        public void setTotalRate(long bytesPerSecond) {
            totalRate = bytesPerSecond;
            told.add("total rate " + bytesPerSecond);
        }

        @Override
        public long totalRate() {
            return totalRate;
        }
    }

    private final class FakeSources implements Controls.OfSources {
        @Override
        public List<SourceStatus> statuses() {
            return List.of(source());
        }

        @Override
        public String start(String name) {
            need("source", name, "backups");
            told.add("start " + name);
            return "backups-2";
        }
    }

    private final class FakeWorkers implements Controls.OfWorkers {
        @Override
        public List<WorkerStatus> statuses() {
            return List.of(worker());
        }

        @Override
        public void restart(String name) {
            need("worker", name, "index");
            told.add("restart " + name);
        }
    }

    @Override
    public String version() {
        return "0.1.0";
    }

    @Override
    public Instant started() {
        return START;
    }

    @Override
    public String configuration() {
        return "/etc/millrace/millrace.yaml";
    }

    @Override
    public String sentence() {
        return "1 scan at 200 MiB/s, 1 pool filling";
    }

    @Override
    public boolean isReady() {
        return false;
    }

    @Override
    public String reload() throws IOException {
        told.add("reload");
        return "1 pool changed";
    }

    @Override
    public void stop() {
        told.add("stop");
    }
}
