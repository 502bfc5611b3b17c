// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.daemon.ServiceFile;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.FaultyPosix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoolOverlapTest {
    @TempDir
    Path directory;

    private ServiceFile file;

    @BeforeEach
    void write() throws IOException {
        file = ServiceFile.in(directory);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            wal      | wal/in   | @/wal/in lies in the directory of pool 'a', @/wal; each pool needs one to itself
            wal/in   | wal      | @/wal holds the directory of pool 'a', @/wal/in; each pool needs one to itself
            wal      | link     | @/link is the directory of pool 'a', @/wal; each pool needs one to itself
            link/in  | wal      | @/wal holds the directory of pool 'a', @/link/in; each pool needs one to itself
            wal/in   | link/in  | @/link/in is the directory of pool 'a', @/wal/in; each pool needs one to itself
            wal/in   | link     | @/link holds the directory of pool 'a', @/wal/in; each pool needs one to itself
            link     | deep     | @/deep lies in the directory of pool 'a', @/link; each pool needs one to itself
            """)
    void tellPoolsThatShareADirectoryByWhateverName(String first, String second, String message) throws IOException {
        Files.createDirectory(directory.resolve("wal/in"));
        Files.createSymbolicLink(directory.resolve("link"), Path.of("wal"));
        Files.createSymbolicLink(directory.resolve("deep"), Path.of("link/in"));
        assertThat(file.problems("pools:\n  a: {directory: " + first + ", file-size: 1, ready: 1}\n  b: {directory: "
                        + second + ", file-size: 1, ready: 1}\n"))
                .containsExactly("3:7: pools.b.directory: " + message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            state-directory: wal/in    | holds the state directory, @/wal/in
            state-directory: wal/to-be | holds the state directory, @/wal/to-be
            state-directory: wal       | is the state directory, @/wal
            state-directory: .         | lies in the state directory, @
            runtime-directory: link/in | holds the runtime directory, @/link/in
            runtime-directory: link    | is the runtime directory, @/link
            """)
    void tellPoolsThatShareADirectoryWithTheService(String line, String message) throws IOException {
        Files.createDirectory(directory.resolve("wal/in"));
        Files.createSymbolicLink(directory.resolve("link"), Path.of("wal"));
        assertThat(file.problems(line + "\npools:\n  a: {directory: wal, file-size: 1, ready: 1}\n"))
                .containsExactly("3:7: pools.a.directory: @/wal " + message + "; each pool needs one to itself");
    }

    @ParameterizedTest
    @ValueSource(strings = {"state-directory: to-be", "runtime-directory: wal2", "state-directory: wal-to-be"})
    void leaveDirectoriesOfTheServiceAloneBesideAPool(String line) throws IOException {
        Files.createDirectory(directory.resolve("wal2"));
        assertThat(file.problems(line + "\npools:\n  a: {directory: wal, file-size: 1, ready: 1}\n"))
                .isEmpty();
    }

    @Test
    void saysNothingOfDirectoriesThatTheReaderOfTheFileMayNotEnter() {
        var faulty = new FaultyPosix(LinuxPosix.create());
        faulty.fail("status", Errno.EACCES).on("/..");
        var overlap = new PoolOverlap(new PathChecks(faulty.posix(), PathChecks.AT_START));
        overlap.add("the state directory", BytePath.of(directory.toString()));
        faulty.heal();
        BytePath pool = BytePath.of(directory.toString());
        assertThat(overlap.checked("a", pool)).isEqualTo(pool);
    }

    @Test
    void leavePoolsAloneThatLieSideBySide() throws IOException {
        Files.createDirectories(directory.resolve("wal2/in"));
        assertThat(file.problems("pools:\n  a: {directory: wal, file-size: 1, ready: 1}\n"
                        + "  b: {directory: wal2/in, file-size: 1, ready: 1}\n"
                        + "  c: {directory: plain, file-size: 1, ready: 1}\n"))
                .isEmpty();
    }
}
