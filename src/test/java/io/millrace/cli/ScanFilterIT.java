// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scan --include --exclude --one-file-system}, with names that are no text too. */
class ScanFilterIT {
    @TempDir
    private Path directory;

    @Test
    void readsWhatMatchesAndNothingElse() throws Exception {
        var unused = Command.run(
                "bash",
                "-c",
                "cd " + directory
                        + " && mkdir -p cache sub/cache && touch -- a.log b.tmp cache/c.log sub/cache/d.log '-x.log'"
                        + " $'new\\nline.log' $'\\xff\\xfe.log' '[a].log' '*'");
        var scan = ChildJvm.of(
                        Main.class,
                        "scan",
                        "--json",
                        "--include=*.log",
                        "--include=\\*",
                        "--exclude=/cache/",
                        "--exclude=\\[*",
                        directory)
                .run();
        assertThat(scan.exitCode()).as(scan.toString()).isZero();
        assertThat(scan.out().lines().filter(line -> line.contains("\"path\":")))
                .hasSize(6);
        assertThat(scan.out())
                .contains("/a.log\"", "/sub/cache/d.log\"", "/-x.log\"", "/new\\nline.log\"", "%FF%FE.log\"", "/*\"")
                .doesNotContain("b.tmp", "c.log", "[a]");
    }

    @Test
    void aFileThatIsGivenIsReadAnyway() throws Exception {
        Path file = Files.writeString(directory.resolve("a.tmp"), "x");
        var scan =
                ChildJvm.of(Main.class, "scan", "--json", "--exclude=*", file).run();
        assertThat(scan.out()).contains("/a.tmp\"", "\"files\":1");
    }

    @Test
    void saysWhyEntriesWereSkipped() throws Exception {
        Files.writeString(directory.resolve("a.tmp"), "x");
        Files.createSymbolicLink(directory.resolve("link"), directory);
        Files.createSymbolicLink(directory.resolve("link.tmp"), directory);
        var unused = Command.run("mkfifo", directory.resolve("fifo"));
        var scan = ChildJvm.of(Main.class, "scan", "--json", "--exclude=*.tmp", directory)
                .run();
        assertThat(scan.err()).contains("; 4 skipped (2 symbolic links, 1 special file, 1 filtered)");
        assertThat(scan.out())
                .contains(
                        "\"skipped\":4,\"skipped_by_reason\":{\"symbolic_links\":2,\"special_files\":1,\"filtered\":1,"
                                + "\"other_file_systems\":0}");
    }

    @Test
    void aBadPatternIsWrongUsage() throws Exception {
        for (String option : new String[] {"--include=[a", "--exclude=", "--include=a/"}) {
            var scan = ChildJvm.of(Main.class, "scan", option, "--exec=true", directory)
                    .run();
            assertThat(scan.exitCode()).as(scan.toString()).isEqualTo(2);
            assertThat(scan.err()).startsWith("millrace: --include, --exclude: pattern '");
            assertThat(scan.err().lines()).hasSize(1);
        }
    }

    @Test
    void anotherFileSystemIsNotEntered() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/proc/1/oom_score_adj")), "mount(8) needs root");
        Path mount = Files.createDirectory(directory.resolve("mount"));
        Files.writeString(directory.resolve("here"), "x");
        var unused = Command.run("mount", "-t", "tmpfs", "millrace-test", mount);
        try {
            Files.writeString(mount.resolve("there"), "x");
            var all = ChildJvm.of(Main.class, "scan", "--json", directory).run();
            assertThat(all.out()).contains("/here\"", "/there\"");
            var one = ChildJvm.of(Main.class, "scan", "--json", "--one-file-system", directory)
                    .run();
            assertThat(one.out())
                    .contains("/here\"", "\"skipped\":1", "\"other_file_systems\":1")
                    .doesNotContain("/there\"");
            var given = ChildJvm.of(Main.class, "scan", "--json", "--one-file-system", mount)
                    .run();
            assertThat(given.out()).contains("/there\"");
        } finally {
            var ignored = Command.run("umount", mount);
        }
    }
}
