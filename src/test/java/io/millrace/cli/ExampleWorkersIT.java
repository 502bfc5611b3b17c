// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The workers that are shipped as examples, fed by hand and by Millrace. */
class ExampleWorkersIT {
    /** Where the shipped configuration has its copies. */
    private static final Path COPIES = Path.of("/var/tmp");

    @TempDir
    private Path directory;

    /** The topmost directory of the copies that was not there before. */
    private Path copies;

    @BeforeEach
    void assumePython() {
        Command.assumeExists("python3");
        copies = copy(directory);
        while (!Files.exists(copies.getParent())) {
            copies = copies.getParent();
        }
    }

    @AfterEach
    void removeCopies() throws Exception {
        if (copies != null && Files.exists(copies)) {
            try (var files = Files.walk(copies)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(file -> {
                    boolean unused = file.delete();
                });
            }
        }
    }

    private static Path copy(Path file) {
        return COPIES.resolve(Path.of("/").relativize(file));
    }

    @Test
    void doAsTheirOwnTestsSay() throws Exception {
        String said = Command.run("python3", "-m", "unittest", "discover", "src/test/workers");
        assertThat(said).containsPattern("(?m)^OK( \\(skipped=\\d+\\))?$").containsPattern("Ran [1-9]\\d+ tests");
    }

    private void writeTree() throws Exception {
        var random = new Random(1);
        for (int size : new int[] {0, 1, 5, 4096, 65_536, 65_537, 3_000_000}) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            Files.write(directory.resolve("file of " + size), bytes);
        }
    }

    private List<Map<String, Object>> scan(String... workers) throws Exception {
        Object[] arguments = new Object[workers.length + 4];
        System.arraycopy(new Object[] {"scan", "--json", "--config=config/millrace.yaml"}, 0, arguments, 0, 3);
        for (int i = 0; i < workers.length; i++) {
            arguments[3 + i] = "--worker=" + workers[i];
        }
        arguments[3 + workers.length] = directory;
        var scan = ChildJvm.of(Main.class, arguments).run();
        assertThat(scan.exitCode()).as(scan.toString()).isZero();
        return Json.lines(scan.out()).subList(0, 7);
    }

    @Test
    void agreeWithTheProgramsOfTheSystem() throws Exception {
        writeTree();
        for (var file : scan("lines", "sha256")) {
            var path = Path.of((String) file.get("path"));
            var workers = Json.maps(file.get("workers"));
            assertThat(Json.map(workers.get(0).get("result")))
                    .containsEntry(
                            "lines", Long.valueOf(Command.run("wc", "-l", path).split(" ")[0]));
            assertThat((String) workers.get(1).get("output")).startsWith(sum(path));
        }
    }

    private static String sum(Path path) throws Exception {
        return Command.run("sha256sum", path).substring(0, 64);
    }

    @Test
    void copyWhatIsThere() throws Exception {
        Command.assumeExists("zstd");
        writeTree();
        for (var file : scan("zstd-copy")) {
            var path = Path.of((String) file.get("path"));
            Path out = directory.resolve("out");
            String unused = Command.run("zstd", "-q", "-d", "-f", copy(path) + ".zst", "-o", out);
            assertThat(sum(out)).isEqualTo(sum(path));
        }
    }

    @Test
    void digestByBlake3() throws Exception {
        Command.assumeExists("b3sum");
        writeTree();
        for (var file : scan("b3sum")) {
            var workers = Json.maps(file.get("workers"));
            assertThat(workers.get(0)).containsEntry("output", Command.run("b3sum", "--no-names", file.get("path")));
        }
    }
}
