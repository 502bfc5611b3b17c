// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A path that leads to another directory than before, of which inotify(7) tells nothing: it watches the inode. */
class PoolDirectoryReplacedIT {
    /** A look at the directory, which would notice as well, comes 10 s after the last one. */
    private static final Duration BEFORE_THE_NEXT_LOOK = Duration.ofSeconds(9);

    @TempDir
    Path directory;

    private Path first;
    private Path second;

    @BeforeEach
    void make() throws Exception {
        first = Files.createDirectory(directory.resolve("first"));
        second = Files.createDirectory(directory.resolve("second"));
    }

    private static void link(Path target, Path link) throws Exception {
        var unused = Command.run("ln", "-sfnT", target.toString(), link.toString());
    }

    private static void awaitFilesIn(Path place, int count) {
        Awaitility.await("files in " + place).atMost(BEFORE_THE_NEXT_LOOK).untilAsserted(() -> {
            try (var files = Files.list(place)) {
                assertThat(files).hasSize(count);
            }
        });
    }

    @Test
    void followsASymbolicLinkThatIsChangedAgainAndAgain() throws Exception {
        Path way = directory.resolve("way");
        link(first, way);
        try (var stage = new PoolStage(way)) {
            stage.keep(stage.spec(3));
            link(second, way);
            awaitFilesIn(second.resolve("ready"), 3, stage);
            stage.awaitReady(3);
            link(first, way);
            Awaitility.await().atMost(BEFORE_THE_NEXT_LOOK).until(() -> stage.replaced.size() == 2);
            stage.awaitReady(3);
            assertThat(stage.replaced)
                    .allMatch(line -> line.startsWith(stage.ready + ": is another directory now (inode "));
        }
    }

    private void awaitFilesIn(Path place, int count, PoolStage stage) throws Exception {
        if (!Files.exists(place)) {
            stage.await(PoolState.FAILED);
            Files.createDirectory(place);
        }
        awaitFilesIn(place, count);
    }

    @Test
    void doesNotCountWhatIsNoLongerAtThePath() throws Exception {
        try (var stage = new PoolStage(directory)) {
            stage.keep(stage.spec(3));
            Path away = directory.resolve("away");
            Files.move(stage.ready, away);
            stage.await(PoolState.FAILED);
            assertThat(stage.status().ready()).isZero();
            Files.createSymbolicLink(stage.ready, first);
            stage.awaitReady(3);
            awaitFilesIn(first, 3);
            assertThat(stage.replaced).hasSize(1);
        }
    }

    @Test
    void warnsOnceOfADirectoryThatOthersMayExchange() throws Exception {
        Files.setAttribute(directory, "unix:mode", 0777);
        try (var stage = new PoolStage(directory)) {
            stage.keep(stage.spec(1));
            stage.pools.refill("wal");
            stage.pools.resize("wal", 2);
            stage.awaitReady(2);
            assertThat(stage.exposed)
                    .containsExactly(
                            directory
                                    + ": everybody can write to this directory (mode 0777) and replace files in it; remove that permission");
        }
    }
}
