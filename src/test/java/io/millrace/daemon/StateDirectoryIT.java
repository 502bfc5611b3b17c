// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.FaultyPosix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateDirectoryIT {
    @TempDir
    private Path temporary;

    private StateDirectory open(Posix posix) throws StartException {
        return StateDirectory.open(posix, BytePath.of(temporary.resolve("state").toString()));
    }

    @Test
    void isMadeAndHeldByOneAtATime() throws Exception {
        try (var first = open(LinuxPosix.create())) {
            assertThat(Files.getPosixFilePermissions(temporary.resolve("state")))
                    .isEqualTo(PosixFilePermissions.fromString("rwxr-x---"));
            assertThatThrownBy(() -> open(LinuxPosix.create()))
                    .isInstanceOf(StartException.class)
                    .hasMessage("the state directory " + temporary.resolve("state") + " is in use by process "
                            + ProcessHandle.current().pid())
                    .matches(e -> ((StartException) e).mayHelpToTryAgain());
            assertThat(Path.of(first.below("pools").display())).isDirectory();
            assertThat(first.below("pools")).isEqualTo(first.below("pools"));
        }
        open(LinuxPosix.create()).close();
    }

    @ParameterizedTest
    @CsvSource({"makeDirectory, EROFS, false", "create, EACCES, false", "create, ENOSPC, true", "write, ENOSPC, true"})
    void saysInOneLineWhyItCannotBeUsed(String call, Errno errno, boolean mayHelp) {
        var faulty = new FaultyPosix(LinuxPosix.create());
        faulty.fail(call, errno);
        assertThatThrownBy(() -> open(faulty.posix()))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("the state directory cannot be used: ")
                .hasMessageContaining(temporary.resolve("state").toString())
                .hasMessageEndingWith("(" + errno + ")")
                .matches(e -> ((StartException) e).mayHelpToTryAgain() == mayHelp);
    }
}
