// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.Scratch;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LocksAndRenamesIT {
    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private final FileCalls files = scratch.posix().files();

    /** Says whether it can lock the file that it is given. */
    static final class TryLock {
        public static void main(String[] arguments) throws IOException {
            var files = LinuxPosix.create().files();
            try (var fd = files.open(BytePath.of(arguments[0]), Set.of(OpenFlag.WRITE_ONLY))) {
                System.out.println(files.tryLock(fd));
            }
        }
    }

    private String inAnotherProcess(Path file) throws Exception {
        return ChildJvm.of(TryLock.class, file).run().out().strip();
    }

    @Test
    void locksAFileForOneOpenFileOfOneProcess() throws Exception {
        Path file = scratch.file("lock");
        try (var first = scratch.create("lock");
                var second = scratch.open(file, OpenFlag.READ_WRITE)) {
            assertThat(files.tryLock(first)).isTrue();
            assertThat(files.tryLock(first)).as("again").isTrue();
            assertThat(files.tryLock(second)).isFalse();
            assertThat(Files.readAllBytes(file))
                    .as("opened and closed elsewhere")
                    .isEmpty();
            assertThat(inAnotherProcess(file)).isEqualTo("false");
            first.close();
            assertThat(inAnotherProcess(file)).isEqualTo("true");
            assertThat(files.tryLock(second))
                    .as("after the other process has ended")
                    .isTrue();
        }
    }

    @Test
    void locksOnlyWhatIsOpenForWriting() throws IOException {
        scratch.write("lock", new byte[0]);
        try (var fd = scratch.open(scratch.file("lock"))) {
            assertThatThrownBy(() -> files.tryLock(fd))
                    .hasMessage(scratch.file("lock") + ": F_OFD_SETLK: Bad file descriptor (EBADF)");
        }
    }

    @Test
    void movesBetweenDirectoriesButNotOverAnything() throws IOException {
        Files.createDirectory(scratch.file("from"));
        Files.createDirectory(scratch.file("to"));
        Files.writeString(scratch.file("from/a"), "a");
        Files.writeString(scratch.file("to/taken"), "taken");
        try (var from = scratch.open(scratch.file("from"), OpenFlag.DIRECTORY);
                var to = scratch.open(scratch.file("to"), OpenFlag.DIRECTORY, OpenFlag.PATH)) {
            var taken = Scratch.path(scratch.file("to/taken"));
            assertThatThrownBy(() -> files.renameNoReplaceBetween(from, "a".getBytes(), to, "taken".getBytes(), taken))
                    .hasMessage(taken + ": renameat2: File exists (EEXIST)");
            files.renameNoReplaceBetween(from, "a".getBytes(), to, "b".getBytes(), taken);
        }
        assertThat(scratch.file("from/a")).doesNotExist();
        assertThat(scratch.file("to/b")).hasContent("a");
        assertThat(scratch.file("to/taken")).hasContent("taken");
    }

    @Test
    void replacesAName() throws IOException {
        scratch.write("old", new byte[1]);
        scratch.write("new", new byte[2]);
        var path = Scratch.path(scratch.file("old"));
        try (var in = scratch.openDirectory()) {
            files.rename(in, "new".getBytes(), "old".getBytes(), path);
            assertThat(files.status(path).sizeBytes()).isEqualTo(2);
            assertThatThrownBy(() -> files.rename(in, "new".getBytes(), "old".getBytes(), path))
                    .hasMessage(path + ": renameat: No such file or directory (ENOENT)");
        }
    }
}
