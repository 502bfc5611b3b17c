// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.Amount;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first process of a PID namespace, as in a container, and a subreaper: what workers leave behind is reaped. */
class OrphansIT {
    private static final int FILES = 20;
    private static final List<String> AS_FIRST = List.of("unshare", "--pid", "--fork", "--mount-proc");

    @TempDir
    private Path directory;

    private Path tree;
    private Path worker;

    /** Each file's worker leaves a process behind that ends soon; the last file's tells how many zombies there are. */
    @BeforeEach
    void write() throws IOException {
        assumeTrue(LinuxPosix.create().process().effectiveUser() == 0, "needs root: a PID namespace of its own");
        tree = Files.createDirectory(directory.resolve("tree"));
        for (int i = 0; i < FILES; i++) {
            Files.writeString(tree.resolve("file-" + i), "x");
        }
        Files.writeString(directory.resolve("last"), "x");
        worker = script("""
                cat > /dev/null
                case $MILLRACE_PATH in
                    */last)
                        for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
                            sleep 1
                            zombies=$(ps -o stat= --ppid $PPID | grep -c Z)
                            [ $zombies != 0 ] || break
                        done
                        echo zombies $zombies of $PPID;;
                    *)
                        setsid sh -c 'sleep 0.2' < /dev/null > /dev/null 2>&1 &
                        echo left;;
                esac
                exit 7""");
    }

    private Path script(String text) throws IOException {
        Path script = Files.writeString(directory.resolve("worker"), "#!/bin/sh\n" + text + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private ChildJvm.Result scan(List<String> wrapper) throws Exception {
        return ChildJvm.of(
                        Main.class,
                        "scan",
                        "--json",
                        "--parallel=1",
                        "--exec=" + worker,
                        tree,
                        directory.resolve("last"))
                .under(wrapper.toArray(String[]::new))
                .run();
    }

    /** Exit code 7 is each worker's own, and not taken by whoever reaps the rest. */
    private static void assertNoneIsLeft(ChildJvm.Result scan) throws IOException {
        assertThat(scan.exitCode()).as(scan.toString()).isEqualTo(1);
        var files = Json.lines(scan.out()).subList(0, FILES + 1);
        assertThat(files)
                .allSatisfy(file -> assertThat(Json.maps(file.get("workers")).get(0))
                        .containsEntry("outcome", "failed")
                        .containsEntry("exit", 7L));
    }

    @Test
    void reapsAsTheFirstProcessOfAContainer() throws Exception {
        var scan = scan(AS_FIRST);
        assertNoneIsLeft(scan);
        assertThat(scan.out()).contains("zombies 0 of 1\\n");
    }

    @Test
    void reapsAsASubreaper() throws Exception {
        Command.assumeExists("python3");
        String setsItself = "import ctypes, os, sys; ctypes.CDLL(None).prctl(36, 1, 0, 0, 0);"
                + " os.execvp(sys.argv[1], sys.argv[1:])";
        var scan = scan(List.of("python3", "-c", setsItself));
        assertNoneIsLeft(scan);
        assertThat(scan.out()).contains("zombies 0 of ");
    }

    @Test
    void isEndedBySignalsAsTheFirstProcess() throws Exception {
        Path deaf =
                script("trap '' TERM INT HUP; touch " + directory.resolve("runs") + "; cat > /dev/null; sleep 1000");
        for (String signals :
                Amount.isFull() ? List.of("TERM", "INT", "HUP", "USR1", "TERM TERM") : List.of("HUP", "TERM TERM")) {
            Files.deleteIfExists(directory.resolve("runs"));
            String kill = "for s in " + signals + "; do kill -$s $(pgrep -P $p); sleep 0.3; done";
            String until = "until [ -e " + directory.resolve("runs") + " ]; do sleep 0.02; done";
            String script =
                    "set -m; " + String.join(" ", AS_FIRST) + " \"$@\" & p=$!; " + until + "; " + kill + "; wait $p";
            var scan = ChildJvm.of(Main.class, "scan", "--exec=" + deaf, directory.resolve("last"))
                    .under("bash", "-c", script, "bash")
                    .run();
            int number = switch (signals) {
                case "INT" -> 2;
                case "HUP" -> 1;
                case "USR1" -> 10;
                default -> 15;
            };
            assertThat(scan.exitCode()).as(signals + ": " + scan).isEqualTo(128 + number);
        }
    }
}
