// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.daemon.RunningService;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import io.millrace.testkit.LoopMount;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code millrace serve} where it cannot start: the reason is a line, and the exit code says whether to try again. */
class ServeRefusalsIT {
    @TempDir
    Path directory;

    /** What it says beside the ordinary lines of the log. */
    private static List<String> complaint(ChildJvm.Result result) {
        return result.err().lines().filter(line -> !line.contains(" INFO ")).toList();
    }

    private static void expect(ChildJvm.Result result, int exitCode, String... parts) {
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(exitCode);
        assertThat(result.out()).isEmpty();
        assertThat(complaint(result))
                .singleElement()
                .asString()
                .startsWith("millrace: ")
                .contains(parts);
    }

    @Test
    void aSecondOneOnTheSameStateNamesTheFirst() throws Exception {
        RunningService.configure(directory, "");
        try (var first = RunningService.start(directory)) {
            expect(RunningService.refused(directory), 69, directory + "/state is in use by process " + first.pid());
            assertThat(first.ctl("status").exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "jmx"})
    void aPortThatIsTakenIsNamed(String face) throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String listen = "127.0.0.1:" + taken.getLocalPort();
            RunningService.configure(directory, face + ": { listen: \"" + listen + "\" }\n");
            var refused = RunningService.refused(directory);
            expect(refused, 69, face + ".listen: " + listen + ": bind: Address already in use (EADDRINUSE)");
            assertThat(refused.err()).as("of the other face").doesNotContain("listens on");
        }
    }

    private void configureStateAt(Path state) throws IOException {
        Path file = RunningService.configure(directory, "");
        Files.writeString(file, Files.readString(file).replace("-directory: state", "-directory: " + state));
    }

    @Test
    void aStateDirectoryThatCannotBeWrittenIsNamed() throws Exception {
        try (var disk = LoopMount.of(LoopMount.Kind.EXT4, 8)) {
            Path state = Files.createDirectory(disk.directory().resolve("state"));
            Command.run("mount", "-o", "remount,ro", disk.directory());
            configureStateAt(state);
            expect(RunningService.refused(directory), 78, state.toString(), "(EROFS)");
        }
    }

    @Test
    void aStateDirectoryThatIsFullIsNamed() throws Exception {
        try (var disk = LoopMount.of(LoopMount.Kind.TMPFS, 1)) {
            Files.write(disk.directory().resolve("much"), new byte[1 << 20]);
            Path state = disk.directory().resolve("state");
            configureStateAt(state);
            expect(RunningService.refused(directory), 69, state.toString(), "(ENOSPC)");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            workers: [nobody]     | 5:41: sources.a.workers[1]: this file has no worker 'nobody'
            cron: "0 25 * * *"    | 5:31: sources.a.cron: '0 25 * * *' is not a crontab(5) line
            include: ["a["]       | 5:41: sources.a.include[1]: pattern 'a[' has a bracket that is not closed
            exclude: ["a[z-a]"]   | 5:41: sources.a.exclude[1]: pattern 'a[z-a]' has a reversed range
            """)
    void whatTheConfigurationGetsWrongIsNamedWithItsPlace(String key, String words) throws Exception {
        Path file = RunningService.configure(directory, "sources: { a: { paths: [src], " + key + " } }\n");
        expect(RunningService.refused(directory), 78, file + ":", words);
    }

    @Test
    void aConfigurationThatIsNotThereIsBadConfiguration() throws Exception {
        expect(RunningService.refused(directory), 78, directory + "/millrace.yaml: ", "(ENOENT)");
    }
}
