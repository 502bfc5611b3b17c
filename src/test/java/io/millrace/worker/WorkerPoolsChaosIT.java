// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.Leftovers;
import io.millrace.testkit.TestWorker;
import io.millrace.worker.WorkerOutcome.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Files, reloads and restarts at the same time. */
class WorkerPoolsChaosIT {
    private static final long LASTS_NANOS = TimeUnit.SECONDS.toNanos(3);

    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    private static List<WorkerSpec> specs(int version) throws Exception {
        return List.of(
                TestWorker.habit().named("a").variable("VERSION", version / 2).spec(),
                TestWorker.habit()
                        .named("b")
                        .variable("VERSION", version / 3)
                        .processes(1)
                        .spec());
    }

    private static int feedUntil(long endNanos, WorkerPools pools) throws Exception {
        int files = 0;
        while (System.nanoTime() < endNanos) {
            try (var lease = pools.lease(List.of("b", "a"))) {
                for (WorkerPool pool : lease.pools()) {
                    var outcome = Feeder.feed(pool);
                    assertThat(outcome.kind()).as(outcome.reason()).isEqualTo(Kind.DONE);
                    files++;
                }
            }
        }
        return files;
    }

    @Test
    void everyFileIsDoneAndNothingIsLeft() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var threads = Executors.newFixedThreadPool(3);
        try (var pools = new WorkerPools(LinuxPosix.create(), new WorkerListener() {})) {
            pools.apply(specs(0));
            long end = System.nanoTime() + LASTS_NANOS;
            var feeding = new ArrayList<Future<Integer>>();
            for (int i = 0; i < 3; i++) {
                Callable<Integer> one = () -> feedUntil(end, pools);
                feeding.add(threads.submit(one));
            }
            for (int version = 1; System.nanoTime() < end; version++) {
                pools.apply(specs(version));
                pools.restart(
                        version % 2 == 1 ? "a" : "b"); // the one that has not just been configured anew, as a rule
                assertThat(pools.statuses())
                        .hasSize(2)
                        .allSatisfy(status -> assertThat(status.busy()).isBetween(0, status.processes()));
                TimeUnit.MILLISECONDS.sleep(random.nextInt(200));
            }
            for (Future<Integer> one : feeding) {
                assertThat(one.get()).as("seed " + seed).isPositive();
            }
            assertThat(pools.statuses()).as("seed " + seed).allSatisfy(status -> {
                assertThat(status.busy()).isZero();
                assertThat(status.fedBytes()).isPositive();
            });
            assertThat(pools.statuses().stream()
                            .mapToLong(WorkerStatus::restarts)
                            .sum())
                    .as("seed " + seed)
                    .isPositive();
        } finally {
            threads.shutdownNow();
        }
    }
}
