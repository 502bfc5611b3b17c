// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.libc.Errno;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.Command;
import io.millrace.testkit.FaultyPosix;
import io.millrace.testkit.Leftovers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pool whose directory is not there, or is another: tried once a second, and not as fast as the processor allows. */
class PoolDirectoryLossIT {
    /** A keeper that spins makes thousands. */
    private static final int MAX_TRIES_A_SECOND = 4;

    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    private final FaultyPosix faulty = new FaultyPosix(LinuxPosix.create());

    private interface Step {
        void on(Path ready, FaultyPosix faulty) throws Exception;
    }

    /** What happens to the directory, and how it is undone. */
    enum Loss {
        REMOVED(
                (ready, faulty) -> {
                    // Away first: in its place the keeper would make new files while it is emptied.
                    Path away = Files.move(ready, ready.resolveSibling("away"));
                    var unused = Command.run("rm", "-rf", away);
                },
                (ready, faulty) -> Files.createDirectory(ready)),
        RENAMED(
                (ready, faulty) -> Files.move(ready, ready.resolveSibling("away")),
                (ready, faulty) -> Files.move(ready.resolveSibling("away"), ready)),
        A_FILE_NOW(
                (ready, faulty) -> {
                    Files.move(ready, ready.resolveSibling("away"));
                    Files.createFile(ready);
                },
                (ready, faulty) -> {
                    Files.delete(ready);
                    Files.createDirectory(ready);
                }),
        A_DANGLING_LINK_NOW(
                (ready, faulty) -> {
                    Files.move(ready, ready.resolveSibling("away"));
                    Files.createSymbolicLink(ready, ready);
                },
                (ready, faulty) -> {
                    Files.delete(ready);
                    Files.createSymbolicLink(ready, ready.resolveSibling("away"));
                }),
        UNREADABLE(
                (ready, faulty) -> {
                    faulty.fail("open", Errno.EACCES).on("ready");
                    Files.createFile(ready.resolve("wakes-the-keeper"));
                },
                (ready, faulty) -> faulty.heal()),
        WITHOUT_EVENTS(
                (ready, faulty) -> {
                    faulty.fail("events", Errno.EIO);
                    Files.createFile(ready.resolve("wakes-the-keeper"));
                },
                (ready, faulty) -> faulty.heal());

        private final Step lose;
        private final Step restore;

        Loss(Step lose, Step restore) {
            this.lose = lose;
            this.restore = restore;
        }
    }

    @ParameterizedTest
    @EnumSource
    void isTriedOnceASecondAndGoesOn(Loss loss) throws Exception {
        try (var stage = new PoolStage(directory, faulty.posix())) {
            stage.keep(stage.spec(4));
            var tries = faulty.before("open", arguments -> {}).on("ready");
            loss.lose.on(stage.ready, faulty);
            stage.await(PoolState.FAILED);
            int before = tries.calls();
            long start = System.nanoTime();
            Awaitility.await().until(() -> tries.calls() >= before + 2);
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) + 1;
            assertThat((long) tries.calls() - before).isLessThanOrEqualTo(MAX_TRIES_A_SECOND * seconds);
            assertThat(stage.status().state()).isEqualTo(PoolState.FAILED);
            loss.restore.on(stage.ready, faulty);
            stage.awaitReady(4);
        }
    }
}
