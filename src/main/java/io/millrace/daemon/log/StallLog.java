// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.log;

import io.millrace.posix.libc.NativeCall;
import io.millrace.scan.job.ScanStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs once that a scan or a pool is blocked in a system call, and again when it continues. One thread. */
public final class StallLog {
    private static final Logger LOG = LoggerFactory.getLogger(StallLog.class);

    /** The time after which a stall is logged: longer than a disk needs to spin up, or to retry a bad sector once. */
    static final Duration LEAST = Duration.ofSeconds(10);

    private final Supplier<List<ScanStatus>> scans;
    private final Supplier<Map<String, Duration>> pools;
    private Map<String, Duration> stalled = Map.of();

    /** @param pools how long each pool has been blocked, by name, as {@link io.millrace.prealloc.pool.Pools#stalled} */
    public StallLog(Supplier<List<ScanStatus>> scans, Supplier<Map<String, Duration>> pools) {
        this.scans = scans;
        this.pools = pools;
    }

    /** Must be called every few seconds. */
    public void look() {
        Map<String, Duration> now = new HashMap<>();
        Map<String, String> where = new HashMap<>();
        for (ScanStatus scan : scans.get()) {
            add(now, "scan " + scan.id(), scan.stalled());
            where.put("scan " + scan.id(), scan.reading().isEmpty() ? "" : ": " + String.join(", ", scan.reading()));
        }
        pools.get().forEach((name, time) -> add(now, "pool " + name, time));
        now.forEach((name, time) -> {
            if (!stalled.containsKey(name)) {
                LOG.warn(
                        "{}: no reply from the kernel for {} s{}",
                        name,
                        time.toSeconds(),
                        where.getOrDefault(name, ""));
            }
        });
        stalled.forEach((name, time) -> {
            if (!now.containsKey(name)) {
                LOG.info("{}: continues, after no reply from the kernel for at least {} s", name, time.toSeconds());
            }
        });
        stalled = now;
    }

    private static void add(Map<String, Duration> now, String name, Duration stall) {
        if (stall.compareTo(LEAST) >= 0) {
            now.put(name, stall);
        }
    }

    /** Returns the threads that are in a system call now, and which call. */
    public static String inKernel() {
        return Thread.getAllStackTraces().keySet().stream()
                .flatMap(thread -> NativeCall.of(thread).map(call -> thread.getName() + " in " + call).stream())
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
