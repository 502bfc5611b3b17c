// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.prealloc.FillMode;
import io.millrace.prealloc.Reserve;
import io.millrace.testkit.Command;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Twenty pools in trouble: what their threads use of the processor, which is not a time that a busy machine stretches. */
class PoolsInTroubleIT {
    private static final int POOLS = 20;
    private static final Duration MEASURED = Duration.ofSeconds(4);
    private static final double MAX_SHARE =
            0.2; // a pool that spins takes all it gets; twenty at rest some 0.01: measured over a fixed time, since
    // processor time is

    @TempDir
    Path directory;

    private interface Trouble {
        void with(Path ready) throws Exception;
    }

    private static final List<Trouble> TROUBLES = List.of(
            ready -> {
                var unused = Command.run("sh", "-c", "until rm -rf " + ready + " 2>/dev/null; do :; done");
            },
            ready -> Files.move(ready, ready.resolveSibling(ready.getFileName() + "-away")),
            ready -> {
                Files.move(ready, ready.resolveSibling(ready.getFileName() + "-away"));
                Files.createFile(ready);
            },
            ready -> {
                Files.move(ready, ready.resolveSibling(ready.getFileName() + "-away"));
                Files.createSymbolicLink(ready, ready);
            },
            ready -> {
                Path away = ready.resolveSibling(ready.getFileName() + "-away");
                Files.move(ready, away);
                Files.createSymbolicLink(ready, away);
            });

    private PoolSpec spec(int number) throws IOException {
        Path ready = Files.createDirectory(directory.resolve("ready-" + number));
        return new PoolSpec(
                "pool-" + number,
                BytePath.of(ready.toString()),
                PoolStage.FILE_BYTES,
                2,
                new NamePattern("segment-%04x"),
                FillMode.RESERVE,
                0640,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Reserve.NONE);
    }

    /** Of the threads of pools, so far. */
    private static long processorNanos() {
        var threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (var thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith("millrace-pool-pool-")) {
                nanos += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return nanos;
    }

    @Test
    void takeNoProcessorForThemselves() throws Exception {
        List<PoolSpec> specs = new ArrayList<>();
        for (int i = 0; i < POOLS; i++) {
            specs.add(spec(i));
        }
        Path state = Files.createDirectory(directory.resolve("state"));
        try (var pools = new Pools(LinuxPosix.create(), BytePath.of(state.toString()), new PoolListener() {})) {
            pools.apply(specs);
            awaitAll(pools, PoolState.READY, POOLS);
            for (int i = 0; i < POOLS; i++) {
                TROUBLES.get(i % TROUBLES.size()).with(directory.resolve("ready-" + i));
            }
            awaitAll(pools, PoolState.FAILED, POOLS / TROUBLES.size() * (TROUBLES.size() - 1));
            long before = processorNanos();
            TimeUnit.NANOSECONDS.sleep(MEASURED.toNanos());
            double share = (processorNanos() - before) / (double) MEASURED.toNanos();
            assertThat(share).as("of a processor, for %d pools", POOLS).isLessThan(MAX_SHARE);
        }
    }

    private static void awaitAll(Pools pools, PoolState state, int count) {
        Awaitility.await(count + " pools " + state)
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(pools.statuses().stream().filter(status -> status.state() == state))
                        .hasSize(count));
    }
}
