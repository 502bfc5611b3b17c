// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.testkit.Amount;
import io.millrace.testkit.Descriptors;
import io.millrace.worker.WorkerMode;
import io.millrace.worker.WorkerOutcome.Kind;
import io.millrace.worker.WorkerOutcome;
import io.millrace.worker.WorkerPool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Starts, cancels and kills at random moments: whatever becomes of the processes, nothing of them is left, and what is
 * told of them is true. {@code -Dmillrace.chaos.rounds=300} goes on for longer; {@code -Dmillrace.chaos.seed=N} makes the
 * same files, workers and stops again, round by round.
 */
@Timeout(1800)
class WorkerChaosIT {
    private static final int ROUNDS = Amount.of("millrace.chaos.rounds", 5, 12, 300);
    private static final int FILES = 24;

    @TempDir
    private Path directory;

    private final Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
    private int stops;

    @Test
    void nothingIsLeftAndNothingUntrueIsToldWhateverHappens() throws Exception {
        long seed = Long.getLong("millrace.chaos.seed", new Random().nextLong());
        System.out.println("chaos of workers, seed " + seed);
        var random = new Random(seed);
        long start = System.nanoTime();
        var tree = new ChaosTree(Files.createDirectory(directory.resolve("tree")), FILES, random);
        try (var workers = new ChaosWorkers(directory, random)) {
            round(tree, workers, random); // the first opens what stays open
            List<String> before = descriptors();
            for (int number = 2; number <= ROUNDS; number++) {
                String about = "round " + number + " of seed " + seed;
                round(tree, workers, random);
                assertThat(descriptors()).as(about).isEqualTo(before);
                assertThat(children()).as(about).containsExactly(workers.killersPid());
                assertThat(Thread.getAllStackTraces().keySet())
                        .as(about)
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.startsWith("millrace"));
                assertThat(workers.deceived()).as(about).isZero();
            }
            int signals = workers.signalsSent();
            System.out.printf(
                    "chaos of workers: %d starts in %d rounds, %d of them stopped, %d signals, %.1f s; %s%n",
                    workers.started(), ROUNDS, stops, signals, (System.nanoTime() - start) / 1e9, kinds);
            assertThat(signals).isPositive();
            assertThat(kinds).containsKeys(Kind.DONE, Kind.FAILED, Kind.CRASHED);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> survivors(workers).isEmpty());
        }
    }

    private void round(ChaosTree tree, ChaosWorkers workers, Random random) throws Exception {
        boolean digests = random.nextBoolean();
        var run = digests ? ScanRun.with(DigestAlgorithm.SHA256) : ScanRun.with();
        var pools = workers.pools(random);
        run.feeding(pools.toArray(new WorkerPool[0])).parallel(1 + random.nextInt(4));
        boolean stopped = random.nextInt(3) == 0;
        if (stopped) {
            stops++;
            var later = CompletableFuture.delayedExecutor(random.nextInt(600), TimeUnit.MILLISECONDS);
            later.execute(() -> run.stop().request(15));
        }
        ScanSummary summary;
        try {
            summary = run.of(tree.directory());
        } finally {
            for (WorkerPool pool : pools) {
                pool.close();
            }
        }
        assertThat(run.errors()).isEmpty();
        if (!summary.stopped()) {
            assertThat(run.results()).hasSize(tree.files());
        }
        assertThat(summary.workersFailed())
                .isEqualTo(run.results().stream()
                        .filter(result -> !result.isDoneByAll())
                        .count());
        for (FileResult result : run.results()) {
            assertThat(result.workers()).hasSameSizeAs(pools);
            if (digests) {
                assertThat(ScanRun.hex(result, DigestAlgorithm.SHA256))
                        .isEqualTo(tree.of(result).sha256());
            }
            result.workers().forEach(outcome -> judge(outcome, tree.of(result).saw()));
        }
    }

    /** {@code saw}: what a worker says that got every byte. */
    private void judge(WorkerOutcome outcome, String saw) {
        kinds.merge(outcome.kind(), 1, Integer::sum);
        String about = outcome + ", and all is " + saw;
        assertThat(outcome.attempts()).as(about).isBetween(outcome.kind() == Kind.QUARANTINED ? 0 : 1, 3);
        assertThat(outcome.reason().isEmpty()).as(about).isEqualTo(outcome.isDone());
        if (outcome.mode() == WorkerMode.PERSISTENT) {
            assertThat(outcome.exitCode()).as(about).isEmpty();
            if (outcome.isDone()) {
                assertThat(outcome.output()).as(about).isIn("{\"saw\":\"" + saw + "\"}", "\"early\"");
            }
            return;
        }
        boolean sawAll = outcome.output().contains("saw " + saw + "\n");
        switch (outcome.kind()) {
            case DONE, LEFT_BEHIND -> {
                assertThat(sawAll).as(about).isTrue();
                assertThat(outcome.exitCode()).as(about).hasValue(0);
            }
            case FAILED -> {
                assertThat(outcome.output())
                        .as(about)
                        .contains("leave " + outcome.exitCode().getAsInt() + "\n");
                assertThat(outcome.exitCode().getAsInt()).as(about).isIn(sawAll ? List.of(3, 7) : List.of(3));
            }
            case ENDED_EARLY -> {
                assertThat(sawAll).as(about).isFalse();
                assertThat(outcome.exitCode()).as(about).hasValue(0);
            }
            case CRASHED -> assertThat(outcome.reason()).as(about).contains("killed by signal");
            default ->
                assertThat(outcome.kind())
                        .as(about)
                        .isIn(
                                Kind.STALLED,
                                Kind.TIMED_OUT,
                                Kind.CLOSED_EARLY,
                                Kind.TOO_MUCH_OUTPUT,
                                Kind.DETACHED,
                                Kind.QUARANTINED);
        }
    }

    /** Those that are no files: a JVM may open more of its own at any time. */
    private static List<String> descriptors() throws IOException {
        return Descriptors.open().entrySet().stream()
                .filter(open ->
                        !open.getValue().startsWith("/") || open.getValue().startsWith("/dev/pt"))
                .map(open -> open.getKey() + " -> " + open.getValue())
                .toList();
    }

    /** Of all threads, zombies included. */
    private static List<Long> children() throws IOException {
        try (var tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.flatMap(task -> describe(task.resolve("children")))
                    .map(Long::valueOf)
                    .toList();
        }
    }

    /** Processes of this run, whosever children they are now. */
    private static List<Path> survivors(ChaosWorkers workers) throws IOException {
        try (var processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(process -> hasStarted(process, workers.mark()))
                    .collect(Collectors.toList());
        }
    }

    private static boolean hasStarted(Path process, String mark) {
        try {
            return Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1)
                    .contains(mark + "\0");
        } catch (IOException e) {
            return false; // no process, or no longer, or another user's
        }
    }

    private static Stream<String> describe(Path file) {
        try {
            return Stream.of(Files.readString(file).split("\\s+")).filter(word -> !word.isEmpty());
        } catch (IOException e) {
            return Stream.empty(); // no process, or no longer
        }
    }
}
