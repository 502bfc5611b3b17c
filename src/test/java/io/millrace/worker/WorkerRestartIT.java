// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.ChildCalls;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.Leftovers;
import io.millrace.testkit.PosixParts;
import io.millrace.testkit.TestWorker;
import io.millrace.worker.WorkerOutcome.Kind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Replacing processes on request, and what is told and counted of them. */
class WorkerRestartIT {
    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    private final List<String> heard = new ArrayList<>();
    private final WorkerListener listener = new WorkerListener() {
        @Override
        public synchronized void restarts(String worker, RestartReason kind, String reason) {
            heard.add(kind.label() + ": " + reason);
        }

        @Override
        public synchronized void quarantined(String worker, String reason) {
            heard.add("quarantined: " + reason);
        }

        @Override
        public synchronized void couldNotEnd(List<String> workers, String reason) {
            heard.add(workers + ": " + reason);
        }
    };
    private final WorkerPools pools = new WorkerPools(LinuxPosix.create(), listener);

    @AfterEach
    void end() {
        pools.close();
    }

    private static boolean isRunning(String pid) {
        return Files.exists(Path.of("/proc", pid));
    }

    private WorkerPool pool(TestWorker worker) throws Exception {
        pools.apply(List.of(worker.named("w").spec()));
        try (var lease = pools.lease(List.of("w"))) {
            return lease.pools().get(0);
        }
    }

    private WorkerStatus status() {
        return pools.statuses().get(0);
    }

    @Test
    void replacesProcessesThatWaitNowAndBusyOnesAfterTheirFile() throws Exception {
        var pool = pool(TestWorker.habit("good").processes(2));
        String waiting;
        String busy;
        try (var one = Feeder.begin(pool, 700);
                var other = Feeder.begin(pool, 700)) {
            assertThat(status().processes()).isEqualTo(2);
            assertThat(status().busy()).isEqualTo(2);
            waiting = Feeder.pid(one.finish(700));
            assertThat(status().busy()).isEqualTo(1);
            pools.restart("w");
            assertThat(isRunning(waiting)).isFalse();
            assertThat(status().processes()).isEqualTo(1);
            var outcome = other.finish(700);
            assertThat(outcome.kind()).isEqualTo(Kind.DONE);
            busy = Feeder.pid(outcome);
        }
        assertThat(isRunning(busy)).isFalse();
        assertThat(status().processes()).isZero();
        assertThat(Feeder.pid(Feeder.feed(pool))).isNotIn(waiting, busy);
        assertThat(Feeder.feed(pool).output()).as("and that one is kept").contains("\"seen\":2");
        assertThat(heard).containsExactly("requested: restart requested", "requested: restart requested");
        assertThat(status().restarts()).isEqualTo(2);
        assertThat(status().lastReason()).contains("restart requested");
    }

    @Test
    void endsProcessesAlsoWhereWhoeverHearsOfItFails() throws Exception {
        var failing = new WorkerListener() {
            @Override
            public void restarts(String worker, RestartReason kind, String reason) {
                throw new IllegalStateException("deaf");
            }
        };
        try (var unheard = new WorkerPools(LinuxPosix.create(), failing)) {
            unheard.apply(List.of(TestWorker.habit("good").named("w").spec()));
            String pid;
            try (var lease = unheard.lease(List.of("w"))) {
                pid = Feeder.pid(Feeder.feed(lease.pools().get(0)));
            }
            assertThatIllegalStateException().isThrownBy(() -> unheard.restart("w"));
            assertThat(isRunning(pid)).isFalse();
            assertThat(unheard.statuses().get(0).processes()).isZero();
        }
    }

    @Test
    void endsAQuarantine() throws Exception {
        var pool = pool(TestWorker.habit("exits").quarantine(1, 3_600_000));
        assertThat(Feeder.feed(pool).kind()).isEqualTo(Kind.CRASHED);
        assertThat(status().quarantined()).isTrue();
        assertThat(status().lastReason())
                .hasValueSatisfying(reason -> assertThat(reason).startsWith("crashed: exit code 0"));
        assertThatThrownBy(() -> Feeder.feed(pool)).isInstanceOf(UnavailableException.class);
        pools.restart("w");
        assertThat(status().quarantined()).isFalse();
        assertThat(Feeder.feed(pool).kind()).isEqualTo(Kind.CRASHED);
        assertThat(status().quarantined()).isTrue();
        assertThat(heard).hasSize(2).allMatch(words -> words.startsWith("quarantined: exit code 0"));
        assertThat(pools.restarts().get("w")).containsEntry(RestartReason.CRASHED, 2L);
    }

    @Test
    void countsRestartsByKindAcrossConfigurations() throws Exception {
        var garbage = pool(TestWorker.habit("garbage"));
        assertThat(Feeder.feed(garbage).kind()).isEqualTo(Kind.GARBAGE);
        assertThat(status().lastReason())
                .as("printable")
                .contains("garbage: answered with something other than a JSON object: \\033[1mhello");
        var dying = pool(TestWorker.habit("killed"));
        assertThat(Feeder.feed(dying).kind()).isEqualTo(Kind.CRASHED);
        var counts = pools.restarts().get("w");
        assertThat(counts)
                .hasSize(RestartReason.values().length)
                .containsEntry(RestartReason.GARBAGE, 1L)
                .containsEntry(RestartReason.CRASHED, 1L);
        assertThat(status().restarts()).isEqualTo(2);
        assertThat(status().processes()).isZero();
        assertThat(heard).hasSize(2);
    }

    @Test
    void countsNoRestartsOfAProcessAFile() throws Exception {
        var pool = pool(TestWorker.sh("kill -9 $$"));
        assertThat(Feeder.feed(pool).kind()).isEqualTo(Kind.CRASHED);
        assertThat(status().restarts()).isZero();
        assertThat(status().lastReason())
                .hasValueSatisfying(reason -> assertThat(reason).startsWith("crashed: killed by signal 9"));
        assertThat(heard).isEmpty();
    }

    @Test
    void countsEveryByteThatIsFedOnce() throws Exception {
        var pool = pool(TestWorker.perFile("cat"));
        var posix = LinuxPosix.create();
        Path path = Files.write(directory.resolve("file"), new byte[3000]);
        try (var file = posix.files().open(BytePath.of(path.toString()), Set.of(OpenFlag.READ_ONLY));
                var buffer = NativeBuffer.allocate(100);
                var feeder = Feeder.begin(pool, 5000)) {
            var delivery = feeder.delivery();
            buffer.first(100).put(new byte[100]);
            assertThat(delivery.splice(file, new ByteRange(0, 3000))).isEqualTo(3000);
            assertThat(delivery.zeros(200)).isEqualTo(200);
            assertThat(delivery.copy(buffer, 0, 100)).isEqualTo(100);
            assertThat(feeder.end().output()).hasSize(8300);
        }
        assertThat(status().fedBytes()).isEqualTo(8300);
        pools.apply(List.of(TestWorker.habit("good").named("w").spec()));
        assertThat(status().fedBytes()).as("goes on").isEqualTo(8300);
        try (var lease = pools.lease(List.of("w"))) {
            assertThat(Feeder.feed(lease.pools().get(0)).kind()).isEqualTo(Kind.DONE);
        }
        assertThat(status().fedBytes()).isBetween(8300L + 1000, 8300L + 1000 + 300);
    }

    /** Calls that lose what they were told of the end of a process. */
    private static Posix forgetful() {
        var real = LinuxPosix.create();
        var children = (ChildCalls) Proxy.newProxyInstance(
                ChildCalls.class.getClassLoader(), new Class<?>[] {ChildCalls.class}, (proxy, method, arguments) -> {
                    Object result;
                    try {
                        result = method.invoke(real.children(), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (result instanceof Optional<?> status && status.isPresent()) {
                        throw new PosixException("reap", Errno.EIO, "the child");
                    }
                    return result;
                });
        return PosixParts.replace(real, ChildCalls.class, children);
    }

    /** Takes the five seconds for which it is tried. */
    @Test
    void tellsOfProcessesThatItCouldNotReap() throws Exception {
        try (var unlucky = new WorkerPools(forgetful(), listener)) {
            unlucky.apply(List.of(TestWorker.habit("good").named("w").stop(100).spec()));
            try (var lease = unlucky.lease(List.of("w"))) {
                assertThat(Feeder.feed(lease.pools().get(0)).kind()).isEqualTo(Kind.DONE);
            }
            unlucky.apply(List.of());
        }
        assertThat(heard).hasSize(1).allMatch(words -> words.startsWith("[w]: ") && words.contains("(ECHILD)"));
    }
}
