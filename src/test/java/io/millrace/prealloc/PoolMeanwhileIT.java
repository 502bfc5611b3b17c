// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.posix.Errno;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import io.millrace.testkit.FaultyPosix;
import io.millrace.testkit.Leftovers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What others do to a pool's files at the worst moment. */
class PoolMeanwhileIT {
    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    @Test
    void takesNothingBackThatSomebodyTookBeforeTheDirectoryCouldBeSynced() throws Exception {
        var faulty = new FaultyPosix(Posix.linux());
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
}
