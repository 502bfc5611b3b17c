// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results where a worker, which runs as the service's user, has put something of its own in the way. */
class PlantedFilesIT {
    private final Posix posix = LinuxPosix.create();

    @TempDir
    private Path directory;

    private BytePath path(String name) {
        return BytePath.of(directory.resolve(name).toString());
    }

    private void shell(String commands) throws Exception {
        var unused = Command.run("sh", "-euc", "cd " + directory + "; " + commands);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"mkfifo results/s-1.part", "ln victim results/s-1.part", "ln -s ../victim results/s-1.part"})
    void neitherWaitForNorWriteIntoWhatHasTheirName(String commands) throws Exception {
        shell("mkdir results; echo precious > victim; " + commands);
        try (var file = ResultFile.create(posix, path("results"), "s-1.part")) {
            file.write("{}\n".getBytes());
            file.publish("s.ndjson");
        }
        Path results = directory.resolve("results/s.ndjson");
        assertThat(results).hasContent("{}").isRegularFile();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(results)))
                .isEqualTo("rw-r-----");
        assertThat(directory.resolve("victim")).hasContent("precious");
    }

    @Test
    void areNotKeptInAnotherDirectory() throws Exception {
        shell("mkdir elsewhere; ln -s elsewhere results");
        assertThatThrownBy(() -> ResultFile.create(posix, path("results"), "s-1.part"))
                .hasMessageContaining(path("results").toString());
        assertThat(directory.resolve("elsewhere")).isEmptyDirectory();
    }

    @Test
    void areNotReplacedByWhatTookTheirNameMeanwhile() throws Exception {
        shell("mkdir results; echo '{\"forged\":1}' > forged; echo '{}' > results/s.ndjson");
        try (var file = ResultFile.create(posix, path("results"), "s-1.part")) {
            shell("mv forged results/s-1.part");
            assertThatThrownBy(() -> file.publish("s.ndjson")).hasMessageContaining("was replaced");
        }
        assertThat(directory.resolve("results/s.ndjson")).hasContent("{}");
    }

    @Test
    void leftoversOfAnyKindAreInNobodysWay() throws Exception {
        shell("mkdir -p results/a.part results/b; mkfifo results/c.part; ln -s / results/d.part");
        var unused = new ResultStore(posix, path("results"));
        assertThat(directory.resolve("results")).isDirectoryNotContaining("glob:**/{c,d}.part");
        assertThat(directory.resolve("results/a.part")).isDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"results", "pools"})
    void aDirectoryOfTheStateThatIsALinkIsRefused(String name) throws Exception {
        shell("mkdir state elsewhere; ln -s ../elsewhere state/" + name);
        try (var state = StateDirectory.open(posix, path("state"))) {
            assertThatThrownBy(() -> state.below(name))
                    .isInstanceOf(StartException.class)
                    .hasMessage("the state directory cannot be used: " + path("state") + "/" + name
                            + ": is a symbolic link, not a directory");
        }
    }

    @Test
    void aStateDirectoryBehindALinkOfTheOperatorsWorks() throws Exception {
        shell("mkdir private; ln -s private state");
        try (var state = StateDirectory.open(posix, path("state"))) {
            assertThat(state.below("results")).isEqualTo(path("private/results"));
        }
    }
}
