// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.Amount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace serve} killed at any moment: what others see is whole, and it starts again. */
class ServeKilledIT {
    private static final int ROUNDS = Amount.of(3, 6, 100);
    private static final int FILE_BYTES = 256 << 10;
    private static final String POOL =
            "pools: { p: { directory: pool, file-size: 256KiB, ready: 16, fill: zero, reserve: 0% } }\n";

    @TempDir
    Path directory;

    private List<Path> files(String name) throws IOException {
        try (var all = Files.list(directory.resolve(name))) {
            return all.toList();
        }
    }

    /** Claims all that is there, again and again, until the service is dead; meanwhile it is killed after so long. */
    private int claimUntilKilled(RunningService service, int round, int millis) throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        int claimed = 0;
        while (System.nanoTime() < end) {
            for (Path file : files("pool")) {
                Files.move(file, directory.resolve("claimed/" + round + "-" + file.getFileName()));
                claimed++;
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
        service.signal("KILL");
        assertThat(service.awaitExit(60)).isEqualTo(137);
        return claimed;
    }

    private void checkFilesAreWhole() throws IOException {
        for (Path file : files("pool")) {
            assertThat(file).hasSize(FILE_BYTES);
            var status = LinuxPosix.create().files().status(BytePath.of(file.toString()));
            assertThat(status.reservedBytes()).isGreaterThanOrEqualTo(FILE_BYTES);
        }
    }

    @Test
    void leavesNothingHalfMade() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        Files.createDirectories(directory.resolve("claimed"));
        Files.createDirectories(directory.resolve("src"));
        for (int i = 0; i < 300; i++) {
            Files.write(directory.resolve("src/" + i), new byte[32 << 10]);
        }
        int claimed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            RunningService.configure(
                    directory,
                    POOL
                            + "sources: { s: { paths: [src], at-start: true, every: 1s, digests: [sha256], rate: 20MiB/s } }\n");
            try (var service = RunningService.start(directory)) {
                claimed += claimUntilKilled(service, round, random.nextInt(400));
            }
            checkFilesAreWhole();
        }
        assertThat(claimed).as("seed " + seed).isPositive();
        RunningService.configure(directory, POOL);
        try (var service = RunningService.start(directory)) {
            service.await("a full pool", () -> files("pool").size() == 16);
            checkFilesAreWhole();
            assertThat(files("state/results")).allMatch(file -> file.toString().endsWith(".ndjson"));
            for (Path results : files("state/results")) {
                var lines = Files.readAllLines(results);
                assertThat(lines).hasSize(301);
                assertThat(lines.get(300)).startsWith("{\"type\":\"summary\",\"files\":300,");
            }
            assertThat(files("claimed"))
                    .hasSize(claimed)
                    .allSatisfy(file -> assertThat(file).hasSize(FILE_BYTES));
            service.signal("TERM");
            assertThat(service.awaitExit(60)).isEqualTo(143);
        }
        assertThat(directory.resolve("log")).content().doesNotContain("ERROR");
    }
}
