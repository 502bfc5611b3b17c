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

/** Logs once that a scan or a pool waits for a call into the kernel that does not return, and when it goes on. One thread. */
public final class StallLog {
    private static final Logger LOG = LoggerFactory.getLogger(StallLog.class);

    /** From when on it is told: longer than a disk that spins up, or retries a bad sector once. */
    static final Duration LEAST = Duration.ofSeconds(10);

    private final Supplier<List<ScanStatus>> scans;
    private final Supplier<Map<String, Duration>> pools;
    private Map<String, Duration> stalled = Map.of();

    /** @param pools for how long each pool has waited, by name, as {@link io.millrace.prealloc.pool.Pools#stalled} */
    public StallLog(Supplier<List<ScanStatus>> scans, Supplier<Map<String, Duration>> pools) {
        this.scans = scans;
        this.pools = pools;
    }

    /** To be called every few seconds. */
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
                LOG.info("{}: goes on, after no reply from the kernel for at least {} s", name, time.toSeconds());
            }
        });
        stalled = now;
    }

    private static void add(Map<String, Duration> now, String name, Duration stall) {
        if (stall.compareTo(LEAST) >= 0) {
            now.put(name, stall);
        }
    }

    /** The threads that stand in a call of the kernel now, and which call. */
    public static String inKernel() {
        return Thread.getAllStackTraces().keySet().stream()
                .flatMap(thread -> NativeCall.of(thread).map(call -> thread.getName() + " in " + call).stream())
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
