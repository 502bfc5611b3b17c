// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.posix.libc.Children;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A service holds capabilities as systemd gives them; its children do not. */
class ChildCapabilitiesIT {
    private static final String QUESTION = "grep -E '^Cap(Prm|Eff|Amb)' /proc/self/status";

    /** Tells of a child, of itself afterwards, and of another child by another thread. */
    static final class Service {
        public static void main(String[] arguments) throws Exception {
            var children = new Children(LinuxPosix.create());
            say("before", Files.readAllLines(Path.of("/proc/thread-self/status")));
            say("child", children.sh(QUESTION).lines());
            say("after", Files.readAllLines(Path.of("/proc/thread-self/status")));
            var other = new Thread(() -> {
                try {
                    say("other", children.sh(QUESTION).lines());
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            other.start();
            other.join();
        }

        private static void say(String who, Iterable<String> lines) {
            for (String line : lines) {
                if (line.matches("Cap(Prm|Eff|Amb):.*")) {
                    System.out.println(who + " " + line.replaceAll(":\\s*0*", "="));
                }
            }
        }
    }

    @Test
    void aChildHasNoneOfItsParents() throws Exception {
        assumeTrue(LinuxPosix.create().process().effectiveUser() == 0, "only root can give capabilities to others");
        Command.assumeExists("setpriv");
        var result = ChildJvm.of(Service.class)
                .under("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
                .under("--inh-caps=+fowner", "--ambient-caps=+fowner")
                .run();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out().lines())
                .containsExactly(
                        "before CapPrm=8",
                        "before CapEff=8",
                        "before CapAmb=8",
                        "child CapPrm=",
                        "child CapEff=",
                        "child CapAmb=",
                        "after CapPrm=8",
                        "after CapEff=8",
                        "after CapAmb=",
                        "other CapPrm=",
                        "other CapEff=",
                        "other CapAmb=");
    }
}
