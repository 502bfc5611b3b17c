// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.Command;
import io.millrace.testkit.FaultyPosix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretFileIT {
    private final Posix posix = LinuxPosix.create();

    @TempDir
    private Path directory;

    private BytePath path(String name) {
        return BytePath.of(directory.resolve(name).toString());
    }

    private void shell(String commands) throws Exception {
        var unused = Command.run("sh", "-euc", "umask 022; cd " + directory + "; " + commands);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            chown 65534 f                       | belongs to user 65534, but must belong to root
            chmod 644 f                         | gives access to others
            setfacl -m u:65534:rw f             | gives access to others
            rm f; mkfifo -m 600 f               | not a regular file
            rm f; mkdir f                       | not a regular file
            head -c 70000 /dev/zero > f         | is larger than 64 KiB
            truncate -s 1T f                    | is larger than 64 KiB
            """)
    void isReadOnlyWhereNobodyElseCouldHaveWrittenIt(String commands, String why) throws Exception {
        assumeTrue(posix.process().effectiveUser() == 0, "only root can give files to others");
        shell("umask 077; echo secret > f; " + commands);
        assertThatThrownBy(() -> SecretFile.read(posix, path("f")))
                .hasMessageStartingWith(path("f") + ": ")
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            true                         | rw-r-----
            chgrp 65534 d; chmod 2750 d  | rw-------
            setfacl -d -m u:65534:rw d   | rw-------
            mkfifo d/f d/f.new           | rw-r-----
            ln -s ../v d/f; ln v d/f.new | rw-r-----
            """)
    void isWrittenForTheOwnGroupAtMost(String commands, String permissions) throws Exception {
        assumeTrue(posix.process().effectiveUser() == 0, "only root can give files to others");
        shell("mkdir -m 750 d; echo precious > v; " + commands);
        var status = SecretFile.write(posix, path("d/f"), 0640, "secret");
        Path file = directory.resolve("d/f");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo(permissions);
        assertThat(status.isSameFileAs(posix.files().status(path("d/f")))).isTrue();
        assertThat(SecretFile.read(posix, path("d/f"))).isEqualTo("secret");
        assertThat(directory.resolve("v")).hasContent("precious");
        assertThat(directory.resolve("d/f.new")).doesNotExist();
    }

    @Test
    void leavesNothingWhereItCannotBeWritten() {
        var faulty = new FaultyPosix(posix);
        for (String call : new String[] {"write", "chmod", "rename"}) {
            faulty.fail(call, Errno.EIO);
            assertThatThrownBy(() -> SecretFile.write(faulty.posix(), path("f"), 0640, "secret"))
                    .hasMessageEndingWith("(EIO)");
            faulty.heal();
            assertThat(directory).isEmptyDirectory();
        }
    }
}
