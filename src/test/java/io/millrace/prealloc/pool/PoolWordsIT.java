// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.libc.Errno;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.FaultyPosix;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Why a pool can make no more files, in its words, and that the numbers of files that never were are given again. */
class PoolWordsIT {
    private static final int INODES = 32;

    @TempDir
    Path directory;

    @Test
    void starvesWithoutInodesAndSaysHowManyThereAre() throws Exception {
        try (var mount = LoopMount.of(Kind.EXT4, 64, "-N", String.valueOf(INODES));
                var stage = new PoolStage(mount.directory())) {
            stage.keep(stage.spec(1));
            Path hogs = Files.createDirectory(mount.directory().resolve("hogs"));
            fill(hogs);
            stage.pools.resize("wal", 3);
            stage.await(PoolState.STARVED);
            assertThat(stage.status().reason().orElse(""))
                    .startsWith(stage.ready + ": no inodes left for the next file: all ")
                    .matches(".* all \\d+ are in use; .* are free");
            for (int i = 0; i < 2; i++) {
                Files.delete(hogs.resolve("hog" + i));
            }
            stage.awaitReady(3);
            assertThat(stage.names()).containsExactlyElementsOf(namesWithoutGap(stage.names()));
        }
    }

    private static void fill(Path hogs) {
        try {
            for (int i = 0; i < 2 * INODES; i++) {
                Files.createFile(hogs.resolve("hog" + i));
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
            return;
        }
        throw new AssertionError("there are more inodes than were asked for");
    }

    @Test
    void starvesAboveItsQuotaAndGivesTheNumbersAgain() throws Exception {
        for (String call : List.of("fallocate", "fsync")) {
            var faulty = new FaultyPosix(LinuxPosix.create());
            Path place = Files.createDirectory(directory.resolve(call));
            try (var stage = new PoolStage(place, faulty.posix())) {
                stage.keep(stage.spec(2));
                var fault = faulty.fail(call, Errno.EDQUOT).on("segment-");
                stage.pools.resize("wal", 4);
                stage.await(PoolState.STARVED);
                assertThat(stage.status().reason().orElse(""))
                        .as(call)
                        .startsWith(stage.ready.toString())
                        .endsWith(": Disk quota exceeded (EDQUOT)")
                        .doesNotContain(" are free");
                assertThat(fault.injected()).isPositive();
                faulty.heal();
                stage.awaitReady(4);
                assertThat(stage.names()).as(call).containsExactlyElementsOf(namesWithoutGap(stage.names()));
            }
        }
    }

    /** As many as these, numbered from the first of them on. */
    private static List<String> namesWithoutGap(List<String> names) {
        int first = Integer.parseInt(names.get(0).substring("segment-".length()), 16);
        return IntStream.range(first, first + names.size())
                .mapToObj(number -> String.format("segment-%04x", number))
                .toList();
    }
}
