// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.Main;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.HostileNames;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PathListIT {
    @TempDir
    Path directory;

    private static ChildJvm scan(Object list, String... more) {
        Object[] arguments = new Object[3 + more.length];
        arguments[0] = "scan";
        arguments[1] = "--files-from";
        arguments[2] = list;
        System.arraycopy(more, 0, arguments, 3, more.length);
        return ChildJvm.of(Main.class, arguments);
    }

    @Test
    void readsALineAPathAndPassesOverEmptyOnes() throws Exception {
        Path one = Files.writeString(directory.resolve("one"), "1");
        Path two = Files.writeString(directory.resolve(" two "), "22");
        Path list = Files.writeString(directory.resolve("list"), "\n" + one + "\n\n\n" + two); // no newline at the end
        var result = scan(list, "--digest", "md5").run();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out())
                .isEqualTo("c4ca4238a0b923820dcc509a6f75849b  " + one + "\nb6d767d2f8ed5d21a44b0e5886680cb9  " + two
                        + "\n");
    }

    @Test
    void readsAnyNameFromStandardInputEndedByNul() throws Exception {
        try (var hostile = new HostileNames()) {
            var list = new ByteArrayOutputStream();
            for (byte[] name : hostile.names()) {
                list.writeBytes((hostile.directory() + "/").getBytes());
                list.writeBytes(name);
                list.write(0);
            }
            Path input = Files.write(directory.resolve("list"), list.toByteArray());
            var result = scan("-", "-0", "--digest", "md5").input(input).run();
            assertThat(result.exitCode()).as(result.toString()).isZero();
            assertThat(result.out().lines()).hasSize(hostile.names().size());
        }
    }

    @Test
    void saysWhatIsWrongWithTheList() throws Exception {
        Path missing = directory.resolve("missing");
        var result = scan(missing).run();
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("millrace: " + missing + ": open: No such file or directory (ENOENT)\n");

        result = scan(directory).run();
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("millrace: " + directory + ": read: Is a directory (EISDIR)\n");

        Path nul = Files.write(directory.resolve("nul"), new byte[] {'/', 0, '/', 0});
        result = scan(nul).run();
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo("millrace: " + nul + ": holds a NUL byte, which no path can; is -0 missing?\n");
    }

    @Test
    void reportsEachPathThatIsNotThereAndGoesOn() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        Path list = Files.writeString(directory.resolve("list"), "/nowhere/a\n" + file + "\n/nowhere/b\n");
        var result = scan(list, "--digest", "crc32c").run();
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.out()).isEqualTo("00000000  " + file + "\n");
        assertThat(result.err().lines())
                .hasSize(3)
                .anyMatch(line -> line.startsWith("millrace: /nowhere/a: ") && line.contains("(ENOENT)"))
                .anyMatch(line -> line.startsWith("millrace: /nowhere/b: ") && line.contains("(ENOENT)"))
                .anyMatch(line -> line.contains("read 1 file, 0 B") && line.contains("; 2 failed"));
    }

    @Test
    void readsAListMuchLargerThanTheHeap() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        // 64 MiB of separators and 20,000 paths, through a heap of 24 MiB
        String script =
                "(head -c 67108864 /dev/zero; for i in $(seq 20000); do printf '%s\\0' " + file + "; done) | \"$@\"";
        var result = scan("-", "-0", "--json")
                .option("-Xmx24m")
                .under("bash", "-c", script, "bash")
                .run();
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("{\"type\":\"summary\",\"files\":20000,\"failed\":0,");
    }

    @Test
    void hearsASignalWhileNobodyWritesTheList() throws Exception {
        // The writer keeps the pipe open; the signal comes when the scan waits for it.
        String script = "set -m; exec 3<> <(:); \"$@\" <&3 & p=$!;"
                + " until grep -qs poll /proc/$p/task/*/wchan; do sleep 0.05; done; kill -TERM $p; wait $p";
        var result = scan("-").under("bash", "-c", script, "bash").run();
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(143);
        assertThat(result.err()).contains("stopped after 0 files");
    }
}
