// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace serve} as a user without a capability, with a worker of the same user. */
class ServeMemoryIT {
    @TempDir
    private Path directory;

    @Test
    void aWorkerCanOpenNeitherMemoryNorDescriptorsOfTheService() throws Exception {
        assumeTrue(LinuxPosix.create().process().effectiveUser() == 0, "only root can start a service of another user");
        Path script = Files.writeString(directory.resolve("spy"), """
                cat > /dev/null
                {
                  for f in mem environ auxv maps; do
                    head -c 1 "/proc/$PPID/$f" > /dev/null 2>&1 < "/proc/$PPID/$f" && echo "read $f"
                    : 2> /dev/null < "/proc/$PPID/$f" && echo "opened $f"
                  done
                  : 2> /dev/null >> "/proc/$PPID/mem" && echo "opened mem for writing"
                  ls "/proc/$PPID/fd" 2> /dev/null | grep -q . && echo "listed fd"
                  head -c 1 /proc/self/environ > /dev/null 2>&1 && echo "its own it can"
                } > FOUND
                kill -TERM "$PPID"
                """.replace(
                        "FOUND", directory.resolve("found").toString()));
        Path file = Files.writeString(
                directory.resolve("millrace.yaml"),
                "state-directory: state\nruntime-directory: run\nhttp: { listen: 127.0.0.1:0 }\n"
                        + "jmx: { listen: 127.0.0.1:0 }\nworkers: { spy: { command: [bash, \"" + script + "\"] } }\n"
                        + "sources: { s: { paths: [src], every: 1000h, at-start: true, workers: [spy] } }\n");
        Files.createDirectory(directory.resolve("src"));
        Files.writeString(directory.resolve("src/file"), "x");
        var unused = Command.run("chown", "-R", "65534:65534", directory);
        var result =
                ChildJvm.of(Main.class, "serve", "--config", file).asNobody().run();
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(143);
        assertThat(directory.resolve("found")).as(result.toString()).hasContent("its own it can");
        assertThat(result.err()).doesNotContain("memory", "ERROR");
    }
}
