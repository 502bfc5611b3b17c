// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory that others may write to and not read, as for uploads. */
class AllocateDropBoxIT {
    @Test
    void takesFilesAndTellsThatTheirNamesWereNotSynced(@TempDir Path directory) throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "to become another user needs root");
        Command.assumeExists("setpriv");
        Files.setAttribute(directory, "unix:mode", 0711);
        Path box = Files.createDirectory(directory.resolve("box"));
        Files.setAttribute(box, "unix:mode", 0733);
        Path file = box.resolve("file");
        ChildJvm.Result result = ChildJvm.of(Main.class, "allocate", "--size", "64KiB", file)
                .asNobody()
                .run();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.err())
                .contains(box
                        + ": may be written to and not read, so its names could not be synced; a power cut may undo");
        assertThat(Files.size(file)).isEqualTo(64 << 10);
    }
}
