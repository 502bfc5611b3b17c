// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reader of standard output that does not read. */
class FullOutputIT {
    private static final int FILES = 3_000;

    @TempDir
    private Path directory;

    /** Its results fill a pipe several times over. */
    private Path manyFiles() throws Exception {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        for (int i = 0; i < FILES; i++) {
            Files.createFile(tree.resolve("a-name-of-some-length-to-fill-the-pipe-" + i));
        }
        return tree;
    }

    /** @param then what the shell does while the scan, {@code $scan}, and its reader run */
    private ChildJvm.Result scan(String reader, String then, Object... arguments) throws Exception {
        String script = "mkfifo \"$0/pipe\"; " + reader + " <\"$0/pipe\" & reader=$!; "
                + "\"$@\" >\"$0/pipe\" & scan=$!; " + then + " wait $scan; code=$?; "
                + "kill $reader 2>/dev/null; exit $code";
        return ChildJvm.of(Main.class, arguments)
                .under("bash", "-c", script, directory.toString())
                .run();
    }

    @Test
    void doesNotKeepAScanFromStopping() throws Exception {
        String reader = "python3 -c 'import fcntl, sys, time\n"
                + "while int.from_bytes(fcntl.ioctl(0, 0x541b, bytes(4)), sys.byteorder) < 60000: time.sleep(0.05)\n" // FIONREAD
                + "open(sys.argv[1], \"w\").close(); time.sleep(60)' \"$0/full\"";
        String then = "until [ -e \"$0/full\" ]; do sleep 0.05; done; sleep 0.5; kill -TERM $scan;";
        var result = scan(reader, then, "scan", "--digest", "md5", manyFiles());
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(143);
        assertThat(result.err().lines())
                .containsExactly(
                        "millrace: stopped while standard output was full; the rest of the results is dropped");
    }

    @Test
    void getsEverythingWhenItReadsLate() throws Exception {
        Path tree = manyFiles();
        var result = scan("(sleep 2; exec wc -l)", "", "scan", "--digest", "md5", tree);
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out().strip()).isEqualTo(String.valueOf(FILES));
    }
}
