// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.Leftovers;
import io.millrace.testkit.TestWorker;
import io.millrace.worker.WorkerOutcome.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which process serves whom while the configuration changes. */
class WorkerPoolsIT {
    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    private final WorkerPools pools = new WorkerPools(LinuxPosix.create(), new WorkerListener() {});

    @AfterEach
    void end() {
        pools.close();
    }

    private static WorkerSpec good(String name) throws Exception {
        return TestWorker.habit("good").named(name).spec();
    }

    private static WorkerSpec saysNo(String name) throws Exception {
        return TestWorker.habit("says-no").named(name).spec();
    }

    private static boolean isRunning(String pid) {
        return Files.exists(Path.of("/proc", pid));
    }

    private WorkerStatus status() {
        assertThat(pools.statuses()).hasSize(1);
        return pools.statuses().get(0);
    }

    @Test
    void leasesShareProcessesWhichWaitForTheNext() throws Exception {
        pools.apply(List.of(good("w")));
        String first;
        try (var one = pools.lease(List.of("w"));
                var other = pools.lease(List.of("w"))) {
            assertThat(one.pools()).hasSize(1).isEqualTo(other.pools());
            first = Feeder.pid(Feeder.feed(one.pools().get(0)));
        }
        assertThat(isRunning(first)).isTrue();
        try (var later = pools.lease(List.of("w"))) {
            assertThat(Feeder.feed(later.pools().get(0)).output()).contains("\"pid\":" + first, "\"seen\":2");
        }
        assertThat(status().processes()).isEqualTo(1);
        pools.close();
        assertThat(isRunning(first)).isFalse();
    }

    @Test
    void aLeaseKeepsTheFormerProgramUntilItIsClosed() throws Exception {
        pools.apply(List.of(good("w")));
        var former = pools.lease(List.of("w"));
        var alsoFormer = pools.lease(List.of("w"));
        String old = Feeder.pid(Feeder.feed(former.pools().get(0)));
        pools.apply(List.of(saysNo("w")));
        assertThat(Feeder.pid(Feeder.feed(former.pools().get(0)))).isEqualTo(old);
        try (var current = pools.lease(List.of("w"))) {
            var outcome = Feeder.feed(current.pools().get(0));
            assertThat(outcome.kind()).isEqualTo(Kind.FAILED);
            assertThat(outcome.output()).isNotEqualTo(old);
            assertThat(status().processes()).isEqualTo(2);
            assertThat(Feeder.feed(former.pools().get(0)).kind()).isEqualTo(Kind.DONE);
            former.close();
            former.close();
            assertThat(isRunning(old)).as("the other lease holds it").isTrue();
            alsoFormer.close();
            assertThat(isRunning(old)).isFalse();
            assertThat(isRunning(outcome.output())).isTrue();
            assertThat(status().processes()).isEqualTo(1);
        }
    }

    @Test
    void whatDidNotChangeIsKept() throws Exception {
        pools.apply(List.of(good("same"), good("changes"), good("goes")));
        String pid;
        try (var lease = pools.lease(List.of("same"))) {
            pid = Feeder.pid(Feeder.feed(lease.pools().get(0)));
        }
        pools.apply(List.of(saysNo("changes"), good("same"), good("comes")));
        assertThat(pools.statuses())
                .extracting(status -> status.spec().name())
                .containsExactly("changes", "comes", "same");
        try (var lease = pools.lease(List.of("same"))) {
            assertThat(Feeder.pid(Feeder.feed(lease.pools().get(0)))).isEqualTo(pid);
        }
    }

    @Test
    void whatNobodyHoldsEndsWithItsConfiguration() throws Exception {
        pools.apply(List.of(good("w")));
        String pid;
        try (var lease = pools.lease(List.of("w"))) {
            pid = Feeder.pid(Feeder.feed(lease.pools().get(0)));
        }
        pools.apply(List.of());
        assertThat(pools.statuses()).isEmpty();
        while (isRunning(pid)) {
            TimeUnit.MILLISECONDS.sleep(5); // ended by the time limit of this class at the latest
        }
    }

    @Test
    void whoDoesNotWantToEndIsWaitedForAtTheEndAloneAndNotLongInAHurry() throws Exception {
        pools.apply(List.of(
                TestWorker.habit("deaf-idle").named("gone").stop(100_000).spec(),
                TestWorker.habit("deaf-idle").named("here").stop(100_000).spec()));
        var pids = new ArrayList<String>();
        for (String name : List.of("gone", "here")) {
            try (var lease = pools.lease(List.of(name))) {
                pids.add(Feeder.pid(Feeder.feed(lease.pools().get(0))));
            }
        }
        pools.apply(List.of(pools.statuses().get(1).spec()));
        assertThat(pids).allMatch(WorkerPoolsIT::isRunning);
        pools.hurry(Duration.ofMillis(100));
        pools.close();
        assertThat(pids).noneMatch(WorkerPoolsIT::isRunning);
    }

    @Test
    void leasesNameWorkersInOneOrderAndOnce() throws Exception {
        pools.apply(List.of(good("a"), good("b"), good("c")));
        try (var lease = pools.lease(List.of("c", "a", "c"));
                var nothing = pools.lease(List.of())) {
            assertThat(lease.pools()).extracting(pool -> pool.spec().name()).containsExactly("a", "c");
            assertThat(nothing.pools()).isEmpty();
        }
    }

    @Test
    void namesThatAreNotConfiguredAreNamed() throws Exception {
        pools.apply(List.of(good("b")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pools.lease(List.of("c", "b", "/bin/sh")).close())
                .withMessage("there is no worker '/bin/sh', 'c'; there is b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pools.restart("c"))
                .withMessage("there is no worker 'c'; there is b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pools.apply(List.of(good("x"), saysNo("x"))))
                .withMessage("two workers are named x");
        assertThat(status().spec()).isEqualTo(good("b"));
    }

    @Test
    void aLeaseThatOutlivesAllLeavesNothingBehind() throws Exception {
        pools.apply(List.of(good("w")));
        var lease = pools.lease(List.of("w"));
        String pid;
        try (var feeder = Feeder.begin(lease.pools().get(0), 10)) {
            pools.close(true);
            pid = Feeder.pid(feeder.finish(10));
        }
        assertThat(isRunning(pid)).isTrue();
        lease.close();
        assertThat(isRunning(pid)).isFalse();
        assertThatIllegalStateException()
                .isThrownBy(() -> pools.lease(List.of()).close());
        assertThatIllegalStateException().isThrownBy(() -> pools.apply(List.of()));
    }
}
