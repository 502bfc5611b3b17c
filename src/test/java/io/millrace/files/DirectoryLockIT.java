// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockIT {
    private final Posix posix = LinuxPosix.create();

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("lock");
    }

    private BytePath path() {
        return BytePath.of(file().toString());
    }

    @Test
    void isHeldByOneAtATimeAndLeavesNothing() throws Exception {
        String self = "process " + ProcessHandle.current().pid();
        assertThat(DirectoryLock.holder(posix, path())).isEmpty();
        try (var first = DirectoryLock.take(posix, path())) {
            assertThat(first).isNotNull();
            assertThat(DirectoryLock.holder(posix, path())).contains(self);
            assertThatThrownBy(() -> DirectoryLock.take(posix, path()))
                    .isInstanceOf(DirectoryLock.HeldException.class)
                    .hasMessage(path() + ": is held by " + self);
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void takesOverWhatAProcessThatWasKilledHasLeft() throws Exception {
        Files.writeString(file(), "4194304999999\n");
        assertThat(DirectoryLock.holder(posix, path())).isEmpty();
        try (var lock = DirectoryLock.take(posix, path())) {
            assertThat(lock).isNotNull();
            assertThat(file()).hasContent(ProcessHandle.current().pid() + "\n");
        }
    }

    @Test
    void removesNobodyElsesFile() throws Exception {
        try (var lock = DirectoryLock.take(posix, path())) {
            assertThat(lock).isNotNull();
            Files.delete(file());
            Files.writeString(file(), "another's");
        }
        assertThat(file()).hasContent("another's");
    }

    @Test
    void neitherWaitsForNorWritesWhatWasPlanted() throws Exception {
        Path victim = Files.writeString(directory.resolve("victim"), "precious");
        Files.createLink(file(), victim);
        assertThatThrownBy(() -> DirectoryLock.take(posix, path()))
                .hasMessage(path() + ": is a hard link of another file; remove it");
        Files.delete(file());
        Files.createSymbolicLink(file(), victim);
        assertThatThrownBy(() -> DirectoryLock.take(posix, path())).hasMessageEndingWith("(ELOOP)");
        Files.delete(file());
        var unused = Command.run("mkfifo", file());
        assertThatThrownBy(() -> DirectoryLock.take(posix, path()))
                .hasMessageContaining("not a regular file; remove it");
        assertThatThrownBy(() -> DirectoryLock.holder(posix, path())).hasMessageContaining("not a regular file");
        assertThat(victim).hasContent("precious");
    }
}
