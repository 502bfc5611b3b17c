// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.CachedFile;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.HungMount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SIGINT and SIGTERM in the middle: the truth is told, and nothing is left behind. */
class ScanStopIT {
    private static final Pattern FILES = Pattern.compile("stopped after (\\d+) files?, ");

    @TempDir
    Path directory;

    /** Sends a signal to the command once {@code condition} holds, in which {@code $p} is its process. */
    private static ChildJvm signalled(String signal, String condition, Object... arguments) {
        String script =
                "set -m; \"$@\" & p=$!; until " + condition + "; do sleep 0.02; done; kill -" + signal + " $p; wait $p";
        return ChildJvm.of(Main.class, arguments)
                .under("bash", "-c", script, "bash")
                .timeout(Duration.ofSeconds(120)); // at the rates below it would take minutes to the end
    }

    private static String isOpen(Path file) {
        return "ls -l /proc/$p/fd 2> /dev/null | grep -q " + file;
    }

    @ParameterizedTest
    @CsvSource({"INT,130,dontcache", "TERM,143,drop-behind"})
    void stopsInTheMiddleOfABigFileHoweverSlow(String signal, int exitCode, String strategy) throws Exception {
        var file = CachedFile.random(directory.resolve("big"), 256 << 20, 1).evicted();
        var result = signalled(
                        signal,
                        isOpen(file.path()) + " && sleep 0.5",
                        "scan",
                        "--digest=sha256",
                        "--rate=1MiB",
                        "--strategy=" + strategy,
                        file.path())
                .run();
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(exitCode);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("millrace: stopped after 0 files, ").contains("; page cache: ");
        assertThat(file.residentBytes()).as("left behind").isZero();
    }

    @Test
    void listsAsManyFilesAsItCountsWhenItIsStoppedInATree() throws Exception {
        for (int i = 0; i < 3_000; i++) {
            Files.write(directory.resolve("file-" + i), new byte[4096]);
        }
        Path out = directory.resolve("out");
        var result = signalled("INT", "[ -s " + out + " ]", "scan", "--json", "--rate=1MiB", directory)
                .under("sh", "-c", "exec \"$@\" > " + out, "sh")
                .run();
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(130);
        var counted = FILES.matcher(result.err());
        assertThat(counted.find()).as(result.err()).isTrue();
        var lines = Files.readAllLines(out);
        int files = Integer.parseInt(counted.group(1));
        assertThat(lines).hasSize(files + 1);
        assertThat(files).isBetween(1, 2_999);
        assertThat(lines.get(files))
                .startsWith("{\"type\":\"summary\",\"files\":" + files + ",\"failed\":0,")
                .contains("\"stopped\":true,\"bytes\":" + 4096L * files + ",");
    }

    @Test
    void stopsWhileTheMountOfAFileHangsAndListsTheOthers() throws Exception {
        Files.write(directory.resolve("well"), new byte[5]);
        try (var mount = HungMount.of(directory.resolve("below"), directory.resolve("m"))) {
            Files.write(mount.source().resolve("file"), new byte[5]);
            mount.hang();
            var result = signalled(
                            "INT",
                            "sleep 4; true",
                            "scan",
                            "--digest=crc32c",
                            "--parallel=2",
                            directory.resolve("well"),
                            mount.directory().resolve("file"))
                    .run();
            assertThat(result.exitCode()).as(result.toString()).isEqualTo(130);
            assertThat(result.out()).endsWith("  " + directory.resolve("well") + "\n");
            assertThat(result.err()).contains("stopped while the kernel did not reply");
        }
    }
}
