// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.FileType;
import io.millrace.prealloc.pool.KeepPool;
import io.millrace.prealloc.pool.PoolStage;
import io.millrace.testkit.Amount;
import io.millrace.testkit.Command;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A keeper killed again and again, while files are claimed: {@code -Dmillrace.pool.kills=200} for many. */
class PoolKillIT {
    private static final int KILLS = Amount.of("millrace.pool.kills", 4, 8, 100);
    private static final int READY = 16;
    private static final int FILE_BYTES = 1 << 20;
    private static final long SEED = Long.getLong("millrace.seed", System.nanoTime());
    private static final List<String> EXACT = List.of("linkat", "fsync", "fallocate", "renameat2", "openat", "fchmod");

    private final Random random = new Random(SEED);
    private final Set<String> claimed = new HashSet<>();
    private final Set<String> everClaimed = new HashSet<>();
    private final List<Long> millisUntilFull = new ArrayList<>();
    private int exact;
    private int begun;

    @Test
    void leavesNothingHalfMadeLosesNoClaimAndRepeatsNoName() throws Exception {
        Command.assumeExists("strace");
        try (var mount = LoopMount.of(Kind.EXT4, 256)) {
            Path ready = Files.createDirectory(mount.directory().resolve("ready"));
            Path goal = Files.createDirectory(mount.directory().resolve("goal"));
            for (int kill = 0; kill < KILLS; kill++) {
                boolean isHidden = kill % 4 > 1;
                String call = call(kill);
                List<Path> unfinished = hidden(ready);
                begun += unfinished.size();
                live(mount.directory(), call, isHidden);
                if (call.isEmpty()) {
                    assertThat(unfinished).as("seed %d", SEED).allMatch(Files::notExists);
                }
                for (Path file : shown(ready)) {
                    checkWhole(file, "after a kill at '" + call + "', seed " + SEED);
                }
                assertThat(list(goal)).as("claims that lasted, seed %d", SEED).hasSameSizeAs(claimed);
                for (Path file : list(goal)) {
                    checkWhole(file, "claimed, seed " + SEED);
                    if (list(goal).size() > 40) {
                        Files.delete(file);
                        claimed.remove(file.getFileName().toString());
                        everClaimed.add(file.getFileName().toString());
                    }
                }
            }
            System.out.println(KILLS + " kills, " + exact + " at exact calls; full again after ms " + millisUntilFull);
            assertThat(millisUntilFull).isNotEmpty().allMatch(millis -> millis < 120_000);
            assertThat(exact).isPositive();
            assertThat(begun)
                    .as("left half made under hidden names, seed %d", SEED)
                    .isPositive();
        }
    }

    /** Before a file is shown under its name, at least once: that one leaves it hidden for the next life. */
    private String call(int kill) {
        if (kill % 2 == 0) {
            return "";
        }
        return kill == 3 ? "renameat2" : EXACT.get(random.nextInt(EXACT.size()));
    }

    /** One life of a keeper, until it is killed: before some call, or at some moment after it was full. */
    private void live(Path place, String call, boolean isHidden) throws Exception {
        Path out = place.resolve("out");
        var process = new ProcessBuilder(command(place, call, isHidden))
                .redirectOutput(out.toFile())
                .redirectError(place.resolve("err").toFile())
                .start();
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(240);
            while (process.isAlive() && Files.size(out) == 0 && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            String said = Files.readString(out);
            if (call.isEmpty()) {
                assertThat(said).as(Files.readString(place.resolve("err"))).startsWith("full after ");
                millisUntilFull.add(Long.parseLong(said.split(" ")[2]));
            }
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(call.isEmpty() ? random.nextInt(150) : 1500);
            while (process.isAlive() && System.nanoTime() < end) {
                claimOne(place);
            }
            exact += !call.isEmpty() && !process.isAlive() ? 1 : 0;
        } finally {
            List<ProcessHandle> traced = process.descendants().toList();
            traced.forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            for (ProcessHandle child : traced) {
                child.onExit().get(60, TimeUnit.SECONDS); // it is not ours to wait for, and may be slow to go
            }
        }
    }

    private List<String> command(Path place, String call, boolean isHidden) {
        var command = new ArrayList<String>();
        if (!call.isEmpty()) {
            int when = call.equals("renameat2") ? 1 : 1 + random.nextInt(60);
            command.addAll(List.of("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + call));
            command.addAll(List.of("-e", "inject=" + call + ":signal=KILL:when=" + when));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(KeepPool.class.getName(), place.resolve("ready").toString(), place.toString()));
        command.addAll(List.of(String.valueOf(READY), String.valueOf(FILE_BYTES)));
        if (isHidden) {
            command.add("hidden");
        }
        return command;
    }

    private void claimOne(Path place) throws IOException {
        for (Path file : shown(place.resolve("ready"))) {
            String name = file.getFileName().toString();
            assertThat(claimed).as("names of seed %d", SEED).doesNotContain(name);
            assertThat(everClaimed).as("names of seed %d", SEED).doesNotContain(name);
            try {
                Files.move(file, place.resolve("goal").resolve(name), StandardCopyOption.ATOMIC_MOVE);
                claimed.add(name);
            } catch (NoSuchFileException e) {
                throw new AssertionError("taken back: " + name + ", seed " + SEED, e);
            }
            if (claimed.size() > 100) {
                Files.delete(place.resolve("goal").resolve(name));
                claimed.remove(name);
                everClaimed.add(name);
            }
            return;
        }
    }

    private static void checkWhole(Path file, String when) throws IOException {
        var status = PoolStage.status(file);
        assertThat(status.type()).as("%s %s", file, when).isEqualTo(FileType.REGULAR);
        assertThat(status.sizeBytes()).as("%s %s", file, when).isEqualTo(FILE_BYTES);
        assertThat(status.reservedBytes()).as("%s %s", file, when).isGreaterThanOrEqualTo(FILE_BYTES);
        assertThat(status.links()).as("%s %s", file, when).isEqualTo(1);
        assertThat(status.permissions()).as("%s %s", file, when).isEqualTo(0640);
    }

    private static List<Path> shown(Path directory) throws IOException {
        return list(directory).stream().filter(file -> !isHidden(file)).toList();
    }

    private static List<Path> hidden(Path directory) throws IOException {
        return list(directory).stream().filter(PoolKillIT::isHidden).toList();
    }

    private static boolean isHidden(Path file) {
        return file.getFileName().toString().startsWith(ParentDirectory.HIDDEN_PREFIX);
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
