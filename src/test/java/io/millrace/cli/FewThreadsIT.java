// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user who may have few processes, which threads are: a scan goes on with those that it gets. */
class FewThreadsIT {
    /** Nobody else's, so that nothing else counts. */
    private static final String USER = "43217";

    /** From where a JVM alone cannot start, to where it has all that a scan wishes for. */
    private static final int MIN_PROCESSES = 14;

    private static final int MAX_PROCESSES = 60;

    @TempDir
    private Path directory;

    @Test
    void readsWithThoseThatItGetsOrSaysThatThereAreNone() throws Exception {
        assumeTrue(LinuxPosix.create().process().effectiveUser() == 0, "needs root: to become a user with a limit");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        var files = Files.createDirectory(directory.resolve("files"));
        var sums = new TreeMap<String, String>();
        for (int i = 0; i < 4; i++) {
            var file = CachedFile.random(files.resolve("file-" + i), (5 << 20) + i, i);
            sums.put(
                    file.path().toString(),
                    Command.run("sha256sum", file.path()).substring(0, 64));
        }
        int whole = 0;
        int fewer = 0;
        for (int limit = MIN_PROCESSES; limit < MAX_PROCESSES && whole < 2; limit++) {
            var scan = ChildJvm.of(
                            Main.class, "scan", "--parallel=8", "--digest=sha256", "--exec=sha256sum", "--json", files)
                    .option("-Xlog:disable")
                    .under("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups")
                    .under("prlimit", "--nproc=" + limit)
                    .run();
            if (!scan.err().contains("millrace: ")) {
                continue; // no JVM
            }
            assertThat(scan.err()).as(limit + ": " + scan).doesNotContain("java.", "Exception");
            if (scan.exitCode() == 0) {
                whole++;
                sums.forEach((path, sum) ->
                        assertThat(scan.out().split(sum, -1)).as(path).hasSize(3));
                fewer += scan.err().contains(" read at a time") ? 1 : 0;
            } else {
                assertThat(scan.err()).contains("Resource temporarily unavailable (EAGAIN)");
            }
        }
        assertThat(whole).as("scans that read all").isEqualTo(2);
        assertThat(fewer).as("of them with fewer threads").isPositive();
    }
}
