// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.posix.InotifyCalls;
import io.millrace.posix.InotifyEvent;
import io.millrace.posix.InotifyEvent.Change;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.FaultyPosix;
import io.millrace.testkit.Leftovers;
import io.millrace.testkit.PosixParts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What others do to a pool's files at the worst moment. */
class PoolMeanwhileIT {
    /** Before the keeper looks without having been told anything. */
    private static final Duration SOON = Duration.ofSeconds(9);

    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    @Test
    void takesNothingBackThatSomebodyTookBeforeTheDirectoryCouldBeSynced() throws Exception {
        var faulty = new FaultyPosix(LinuxPosix.create());
        Path taken = directory.resolve("taken");
        try (var stage = new PoolStage(directory, faulty.posix())) {
            stage.keep(stage.spec(1));
            var before = stage.names();
            var fault = faulty.before("fsync", arguments -> {
                if (arguments.get(0).toString().equals(stage.ready.toString()) && Files.notExists(taken)) {
                    var fresh = stage.names().stream()
                            .filter(name -> !before.contains(name))
                            .findFirst();
                    Files.move(stage.ready.resolve(fresh.orElseThrow()), taken);
                    Files.writeString(taken, "somebody's data");
                    throw new PosixException("fsync", Errno.EIO, arguments.get(0));
                }
            });
            stage.pools.resize("wal", 2);
            await().until(() -> Files.exists(taken) && stage.status().ready() == 2);
            assertThat(fault.injected()).isPositive();
            assertThat(Files.readString(taken)).isEqualTo("somebody's data");
        }
    }

    @Test
    void goesOnWhereAConsumerChangesAFileInPlaceAtOnce() throws Exception {
        var faulty = new FaultyPosix(LinuxPosix.create());
        try (var stage = new PoolStage(directory, faulty.posix())) {
            var fault = faulty.before("fsync", arguments -> {
                if (arguments.get(0).toString().equals(stage.ready.toString())) {
                    for (String name : stage.names()) {
                        Files.setPosixFilePermissions(stage.ready.resolve(name), Set.of(OWNER_READ));
                    }
                }
            });
            fault.times(6);
            stage.keep(stage.spec(4));
            assertThat(stage.status().strangers()).isPositive();
            assertThat(stage.changes).extracting(PoolStatus::state).doesNotContain(PoolState.FAILED);
        }
    }

    @Test
    void showsNoFileThatIsNotAsItWasToBe() throws Exception {
        var faulty = new FaultyPosix(LinuxPosix.create());
        var fault = faulty.before("fsync", arguments -> {
            var file = (OwnedFd) arguments.get(0);
            if (file.toString().contains("segment-")) {
                LinuxPosix.create().files().chmod(file, 0777);
            }
        });
        try (var stage = new PoolStage(directory, faulty.posix())) {
            stage.pools.apply(List.of(stage.spec(2)));
            stage.await(PoolState.FAILED);
            assertThat(stage.status().reason().orElse(""))
                    .startsWith(stage.ready + "/segment-")
                    .endsWith(": the file system made a file that has mode 0777 instead of 0640");
            assertThat(fault.injected()).isPositive();
            assertThat(stage.names()).isEmpty();
            faulty.heal();
            stage.awaitReady(2);
            assertThat(stage.strangers).isEmpty();
        }
    }

    @Test
    void noticesAFileThatIsPutInPlaceOfAReadyOne() throws Exception {
        try (var stage = new PoolStage(directory)) {
            stage.keep(stage.spec(2));
            Path foreign = Files.writeString(directory.resolve("foreign"), "foreign");
            Path replaced = stage.ready.resolve(stage.names().get(0));
            Files.move(foreign, replaced, StandardCopyOption.ATOMIC_MOVE);
            await().atMost(SOON).until(() -> stage.status().strangers() == 1);
            stage.awaitReady(2);
            assertThat(stage.names()).hasSize(3);
            assertThat(Files.readString(replaced)).isEqualTo("foreign");
        }
    }

    /** Whose events are lost, once told so. */
    private static final class Deaf implements InotifyCalls {
        private final InotifyCalls real = LinuxPosix.create().watches();
        private volatile boolean isDeaf;

        @Override
        public OwnedFd inotify() throws PosixException {
            return real.inotify();
        }

        @Override
        public int watch(OwnedFd inotify, OwnedFd watched, Set<Change> changes) throws PosixException {
            return real.watch(inotify, watched, changes);
        }

        @Override
        public List<InotifyEvent> events(OwnedFd inotify) throws PosixException {
            var events = real.events(inotify);
            return isDeaf && !events.isEmpty()
                    ? List.of(new InotifyEvent(-1, Set.of(Change.OVERFLOWED), new byte[0]))
                    : events;
        }
    }

    @Test
    void looksForItselfWhereTheQueueOfEventsOverflowed() throws Exception {
        var deaf = new Deaf();
        var faulty = new FaultyPosix(LinuxPosix.create());
        var real = faulty.posix();
        var posix = PosixParts.replace(real, InotifyCalls.class, deaf);
        try (var stage = new PoolStage(directory, posix)) {
            stage.keep(stage.spec(4));
            deaf.isDeaf = true;
            Files.delete(stage.ready.resolve(stage.names().get(0)));
            await().atMost(SOON).until(() -> stage.status().claims() == 1);
            stage.awaitReady(4);
            Path doomed = stage.ready.resolve(stage.names().get(0));
            faulty.before("fsync", arguments -> {
                if (arguments.get(0).toString().equals(stage.ready.toString())) {
                    Files.deleteIfExists(doomed);
                }
            });
            stage.pools.resize("wal", 5);
            await("what was taken while files were made")
                    .atMost(SOON)
                    .until(() -> stage.status().claims() == 2);
            stage.awaitReady(5);
        }
    }

    @Test
    void isNotTroubledByAStrangerOfWhichNothingIsToBeLearnt() throws Exception {
        var faulty = new FaultyPosix(LinuxPosix.create());
        var fault = faulty.fail("statusAt", Errno.EACCES).on("mount");
        try (var stage = new PoolStage(directory, faulty.posix())) {
            stage.keep(stage.spec(2));
            Files.createDirectory(stage.ready.resolve("mount"));
            await("the stranger").atMost(SOON).until(() -> !stage.strangers.isEmpty());
            assertThat(fault.injected()).isPositive();
            stage.pools.refill("wal"); // looks at all there is
            stage.pools.resize("wal", 3);
            stage.awaitReady(3);
            assertThat(stage.strangers).containsExactly(stage.ready + "/mount: is not named like the pool's files");
        }
    }

    @Test
    void isNotReadyWhileAFileIsMadeInPlaceOfOneThatWasTaken() throws Exception {
        var faulty = new FaultyPosix(LinuxPosix.create());
        var seen = new CompletableFuture<PoolStatus>();
        try (var stage = new PoolStage(directory, faulty.posix())) {
            stage.keep(stage.spec(3));
            faulty.before("fallocate", arguments -> seen.complete(stage.status()));
            Files.delete(stage.ready.resolve(stage.names().get(0)));
            var status = seen.get(60, TimeUnit.SECONDS);
            assertThat(List.of(status.state(), status.ready(), status.claims()))
                    .containsExactly(PoolState.FILLING, 2, 1L);
            stage.awaitReady(3);
        }
    }
}
