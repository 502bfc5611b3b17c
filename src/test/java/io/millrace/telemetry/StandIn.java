// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.files.Roots;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.UnknownName;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.prealloc.AllocationListener;
import io.millrace.prealloc.Preallocator;
import io.millrace.prealloc.PreallocatorOptions;
import io.millrace.prealloc.Reserve;
import io.millrace.prealloc.pool.PoolControl;
import io.millrace.prealloc.pool.PoolSpec;
import io.millrace.prealloc.pool.PoolState;
import io.millrace.prealloc.pool.PoolStatus;
import io.millrace.scan.catalog.CatalogControl;
import io.millrace.scan.catalog.CatalogStatus;
import io.millrace.scan.job.ScanControl;
import io.millrace.scan.job.ScanRequest;
import io.millrace.scan.job.ScanState;
import io.millrace.scan.job.ScanStatus;
import io.millrace.scan.schedule.SourceControl;
import io.millrace.scan.schedule.SourceStatus;
import io.millrace.telemetry.jmx.JmxServer;
import io.millrace.telemetry.jmx.access.JmxOptions;
import io.millrace.telemetry.jmx.beans.JmxEvents;
import io.millrace.worker.WorkerControl;
import io.millrace.worker.WorkerStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A service that does nothing but remember what it was told; its statuses are made by hand. */
public final class StandIn implements DaemonControl {
    /** What it was told, in order. */
    public final List<String> told = new CopyOnWriteArrayList<>();

    public final Map<String, ScanStatus> scans = new ConcurrentHashMap<>();
    public final Map<String, PoolStatus> pools = new ConcurrentSkipListMap<>();
    public final Map<String, SourceStatus> sources = new ConcurrentSkipListMap<>();
    public final Map<String, WorkerStatus> workers = new ConcurrentSkipListMap<>();
    public final JmxEvents events = new JmxEvents(new ScanTotals());
    /** How often it was asked about scans. */
    public final AtomicInteger asked = new AtomicInteger();

    public volatile ScanRequest lastRequest;
    /** Happens between the listing of scans and the moment when somebody has it. */
    public volatile Runnable meanwhile = () -> {};

    private AllocationListener allocations = AllocationListener.NONE;
    private List<BytePath> trees = List.of(BytePath.of("/srv"));

    public StandIn() {
        pools.put("wal", Samples.pool(PoolState.FILLING, Optional.empty()));
        sources.put("backups", Samples.source("backups"));
        workers.put("index", Samples.worker("index"));
        scans.put(
                "backups-1", Samples.scan("backups-1", ScanState.RUNNING, "/srv/backups/<img src=x onerror=alert(1)>"));
    }

    /** Serves a person's JConsole or jmxterm until it is killed: PORT RUNTIME-DIRECTORY. */
    public static void main(String[] arguments) throws Exception {
        long start = System.nanoTime();
        var service = new StandIn();
        var listen = new ListenAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        try (var face =
                service.open(new JmxOptions(listen, Optional.empty(), Optional.empty()), Path.of(arguments[1]))) {
            System.out.println("open after ms " + (System.nanoTime() - start) / 1_000_000 + ", port " + face.port());
            Thread.sleep(Duration.ofHours(1).toMillis());
        }
    }

    /** Files are reserved and looked at in earnest, below this root. */
    public StandIn below(Path root, AllocationListener listener) {
        trees = List.of(BytePath.of(root.toString()));
        allocations = listener;
        return this;
    }

    private Roots roots() {
        return new Roots(LinuxPosix.create().files(), trees);
    }

    public JmxServer open(JmxOptions options, Path runtimeDirectory) throws IOException {
        return JmxServer.open(options, parts(), events, BytePath.of(runtimeDirectory.toString()));
    }

    /** On loopback, any port. */
    public JmxServer open(Path runtimeDirectory) throws IOException {
        var listen = new ListenAddress(InetAddress.getLoopbackAddress(), 0);
        return open(new JmxOptions(listen, Optional.empty(), Optional.empty()), runtimeDirectory);
    }

    private ServiceParts parts() {
        return new ServiceParts(
                LinuxPosix.create(),
                this,
                new FakePools(),
                new Preallocator(LinuxPosix.create(), PreallocatorOptions.DEFAULT, allocations),
                new FakeScans(),
                new FakeSources(),
                new FakeWorkers(),
                new FakeCatalog(),
                this::roots,
                () -> Reserve.NONE);
    }

    private final class FakeCatalog implements CatalogControl {
        @Override
        public CatalogStatus status() {
            return CatalogStatus.OFF;
        }

        @Override
        public long acknowledge(BytePath path) {
            told.add("acknowledge " + path);
            return 1;
        }
    }

    private static <T> T need(String what, String name, Map<String, T> known) {
        T found = known.get(name);
        if (found == null) {
            throw new IllegalArgumentException(UnknownName.message(what, name, known.keySet()));
        }
        return found;
    }

    private final class FakePools implements PoolControl {
        @Override
        public List<PoolStatus> statuses() {
            return List.copyOf(pools.values());
        }

        @Override
        public PoolStatus status(String pool) {
            return need("pool", pool, pools);
        }

        @Override
        public BytePath claim(String pool, BytePath destination, Roots roots) throws IOException {
            var unused = need("pool", pool, pools);
            if (destination.equals(BytePath.of("/etc/passwd"))) {
                throw new PosixException("renameat2", Errno.EEXIST, destination);
            }
            told.add("claim " + pool + " " + destination);
            return destination;
        }

        @Override
        public void refill(String pool) {
            var unused = need("pool", pool, pools);
            told.add("refill " + pool);
        }

        @Override
        public void resize(String pool, int ready) {
            PoolSpec.checkReady(ready);
            var unused = need("pool", pool, pools);
            told.add("resize " + pool + " " + ready);
        }
    }

    private final class FakeScans implements ScanControl {
        private volatile long totalRate;

        @Override
        public List<ScanStatus> statuses() {
            var listed = List.copyOf(scans.values());
            asked.incrementAndGet();
            meanwhile.run();
            return listed;
        }

        @Override
        public ScanStatus status(String id) {
            asked.incrementAndGet();
            return need("scan", id, scans);
        }

        @Override
        public String start(ScanRequest request) {
            lastRequest = request;
            told.add("start " + request.paths() + " " + request.options().digests() + " " + request.workers() + " "
                    + request.bytesPerSecond());
            scans.put("request-1", Samples.scan("request-1", ScanState.RUNNING, "/srv/a"));
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

    private final class FakeSources implements SourceControl {
        @Override
        public List<SourceStatus> statuses() {
            return List.copyOf(sources.values());
        }

        @Override
        public String start(String name) {
            var unused = need("source", name, sources);
            told.add("start " + name);
            scans.put("backups-2", Samples.scan("backups-2", ScanState.RUNNING, "/srv/backups/a"));
            return "backups-2";
        }
    }

    private final class FakeWorkers implements WorkerControl {
        @Override
        public List<WorkerStatus> statuses() {
            return List.copyOf(workers.values());
        }

        @Override
        public void restart(String name) {
            var unused = need("worker", name, workers);
            told.add("restart " + name);
        }
    }

    @Override
    public String version() {
        return "0.1.0";
    }

    @Override
    public Instant started() {
        return Samples.START;
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
    public List<String> troubles() {
        return List.of();
    }

    @Override
    public String resultsDirectory() {
        return "/var/lib/millrace/results";
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
