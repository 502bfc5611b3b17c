// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import io.millrace.testkit.HostileNames;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code scan --sort}: what {@code find -print0 | LC_ALL=C sort -z | xargs -0 sha256sum} prints. */
class ScanSortIT {
    @TempDir
    Path directory;

    /** Has {@code scan --digest sha256} in {@code "$@"}. */
    private ChildJvm.Result shell(Path where, String script) throws Exception {
        return ChildJvm.of(Main.class, "scan", "--digest", "sha256")
                .under("bash", "-c", "cd '" + where + "'; " + script, "bash")
                .run();
    }

    private void assertAsSorted(Path where, String paths) throws Exception {
        var ours = shell(where, "\"$@\" --sort --parallel 4 " + paths + " > '" + directory.resolve("ours") + "'");
        assertThat(ours.exitCode()).as(ours.toString()).isZero();
        var unused = Command.run(
                "bash",
                "-c",
                "cd '" + where + "'; find " + paths + " -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum -- > '"
                        + directory.resolve("theirs") + "'");
        assertThat(Files.mismatch(directory.resolve("ours"), directory.resolve("theirs")))
                .isEqualTo(-1);
    }

    @Test
    void printsHostileNamesInTheOrderOfTheirBytes() throws Exception {
        try (var names = new HostileNames()) {
            assertAsSorted(names.directory(), ".");
        }
    }

    @Test
    void printsAllPathsInOneOrder() throws Exception {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        for (String name : new String[] {"a/x", "a/x-y/z", "a/x.txt", "a-b/1", "a.txt", "ab", "b/a", "b/a!", "a0/-"}) {
            Path file = tree.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, name);
        }
        for (String paths : new String[] {".", "b a ab a.txt a-b", "./b a a-b/", "a/ a.txt ./a"}) {
            assertAsSorted(tree, paths);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'a a/x','a/x is given twice, being below a as well'",
        "'a b a','a is given twice, being below a as well'"
    })
    void refusesAPathBelowAnother(String paths, String why) throws Exception {
        Files.createDirectories(directory.resolve("b"));
        Files.createDirectories(directory.resolve("a"));
        Files.createFile(directory.resolve("a/x"));
        var result = shell(directory, "\"$@\" --sort " + paths);
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(2);
        assertThat(result.err()).isEqualTo("millrace: --sort: " + why + " (see millrace scan --help)\n");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void reportsAMissingPathInItsPlace() throws Exception {
        Files.createFile(directory.resolve("b"));
        var result = shell(directory, "\"$@\" --sort --json b a");
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.out().lines().toList().get(0)).contains("\"path\":\"a\"", "ENOENT");
        assertThat(result.out().lines().toList().get(1)).contains("\"path\":\"b\"", "\"error\":null");
    }
}
