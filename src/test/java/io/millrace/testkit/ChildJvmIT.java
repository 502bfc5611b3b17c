// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.posix.linux.LinuxPosix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildJvmIT {
    /** Says what it was given; ends only when it is not told to wait. */
    static final class Echo {
        public static void main(String[] arguments) throws Exception {
            System.out.print(String.join(",", arguments) + new String(System.in.readAllBytes()));
            System.err.print(System.getenv("ECHO") + Integer.getInteger("echo"));
            System.out.flush();
            if (arguments.length > 1 && arguments[1].equals("wait")) {
                Thread.sleep(Long.MAX_VALUE);
            }
            System.exit(7);
        }
    }

    /** Says as whom it runs, which takes the native library too. */
    static final class Whoami {
        public static void main(String[] arguments) {
            System.out.print(LinuxPosix.create().process().effectiveUser());
        }
    }

    @Test
    void collectsOutputErrorsAndExitCode(@TempDir Path directory) throws Exception {
        var input = Files.writeString(directory.resolve("input"), "!");
        var result = ChildJvm.of(Echo.class, "a", 2)
                .environment("ECHO", "e")
                .option("-Decho=5")
                .input(input)
                .run();
        assertThat(result).isEqualTo(new ChildJvm.Result(7, "a,2!", "e5"));
    }

    @Test
    void runsUnderWrappersInTheirOrder() throws Exception {
        var result = ChildJvm.of(Echo.class, "x")
                .under("sh", "-c", "echo first; exec \"$@\"", "sh")
                .under("prlimit", "--nofile=200")
                .run();
        assertThat(result.out()).as(result.toString()).isEqualTo("first\nx");
    }

    @Test
    void runsAsNobodyWithAClassPathUnderRootsHome() throws Exception {
        assumeThat(LinuxPosix.create().process().effectiveUser())
                .as("only root can become nobody")
                .isZero();
        var result = ChildJvm.of(Whoami.class).asNobody().run();
        assertThat(result.out()).as(result.toString()).isEqualTo("65534");
    }

    @Test
    void killsWhatDoesNotEndAndSaysWhatItSaid() {
        assertThatThrownBy(() -> ChildJvm.of(Echo.class, "stuck", "wait")
                        .under("sh", "-c", "\"$@\"; :", "sh")
                        .timeout(Duration.ofSeconds(3))
                        .run())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("stuck,wait");
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }
}
