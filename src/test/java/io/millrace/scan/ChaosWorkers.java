// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.CCompiler;
import io.millrace.worker.SlowPolicy;
import io.millrace.worker.WorkerListener;
import io.millrace.worker.WorkerMode;
import io.millrace.worker.WorkerPool;
import io.millrace.worker.WorkerSpec.Limits;
import io.millrace.worker.WorkerSpec.Surroundings;
import io.millrace.worker.WorkerSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Workers that go wrong by chance, and a program that kills them by chance. */
public final class ChaosWorkers implements AutoCloseable {
    static final String NAME = "chaos-worker";
    private static final int KILLS_EVERY_MILLIS = 40;

    private static final String MARK = "CHAOS_RUN";

    /** In the environment of all that is started here, and of nothing else. */
    private final String token = UUID.randomUUID().toString();

    private final Path program;
    private final Path log;
    private final Process killer;

    public ChaosWorkers(Path directory, Random random) throws IOException, InterruptedException {
        program = CCompiler.program(directory, NAME, source(NAME));
        log = Files.createFile(directory.resolve("log"));
        Path killing = CCompiler.program(directory, "chaos-killer", source("chaos-killer"));
        killer = new ProcessBuilder(
                        killing.toString(),
                        Long.toString(ProcessHandle.current().pid()),
                        NAME,
                        Integer.toString(KILLS_EVERY_MILLIS),
                        Long.toUnsignedString(random.nextLong()))
                .start();
    }

    private static String source(String name) throws IOException {
        try (var in = Objects.requireNonNull(ChaosWorkers.class.getResourceAsStream(name + ".c"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** One to three, alike in nothing. */
    public List<WorkerPool> pools(Random random) {
        var pools = new ArrayList<WorkerPool>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            pools.add(new WorkerPool(LinuxPosix.create(), spec("worker-" + i, random), new WorkerListener() {}));
        }
        return pools;
    }

    private WorkerSpec spec(String name, Random random) {
        boolean stays = random.nextInt(3) == 0;
        var command = List.of(
                program.toString(),
                stays ? "stay" : "file",
                Integer.toString(random.nextInt(100)),
                log.toString(),
                Long.toUnsignedString(random.nextLong()));
        return new WorkerSpec(
                name,
                command,
                stays ? WorkerMode.PERSISTENT : WorkerMode.PER_FILE,
                1 + random.nextInt(4),
                random.nextInt(4) == 0 ? SlowPolicy.DETACH : SlowPolicy.BLOCK,
                new Surroundings(
                        Optional.empty(),
                        Map.of(MARK, token),
                        random.nextInt(4) == 0,
                        0,
                        Optional.empty(),
                        4096 << random.nextInt(9)),
                limits(random));
    }

    /** Mostly without a pause after failures, which would make it a test of pauses. */
    private static Limits limits(Random random) {
        boolean pauses = random.nextInt(8) == 0;
        return new Limits(
                Duration.ofMillis(300),
                random.nextInt(4) == 0 ? Duration.ofMillis(20 + random.nextInt(400)) : Duration.ZERO,
                Duration.ofMillis(random.nextInt(150)),
                random.nextInt(3),
                4096,
                pauses ? 3 : 1,
                pauses ? Duration.ofMillis(200) : Duration.ZERO);
    }

    /** What the environment of each process holds. */
    public String mark() {
        return MARK + "=" + token;
    }

    /** Processes that got as far as to their own code. */
    public int started() throws IOException {
        return (int) log().chars().filter(c -> c == 's').count();
    }

    /** Processes that were told that a file was complete which was not. */
    public int deceived() throws IOException {
        return (int) log().chars().filter(c -> c == 'T').count();
    }

    private String log() throws IOException {
        return Files.readString(log);
    }

    public long killersPid() {
        return killer.pid();
    }

    /** Ends the killer; how many signals it has sent. */
    public int signalsSent() throws IOException, InterruptedException {
        killer.getOutputStream().close();
        String said = new String(killer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!killer.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the killer does not end");
        }
        return Integer.parseInt(said.strip());
    }

    @Override
    public void close() {
        killer.destroyForcibly();
    }
}
