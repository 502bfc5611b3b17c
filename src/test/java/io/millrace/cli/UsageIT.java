// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything that can be typed wrongly: one line that names the option and why, and exit code 2. */
class UsageIT {
    /** Command line, and words that its message has to hold. */
    private static final List<List<String>> WRONG = List.of(
            List.of("", "a command is missing"),
            List.of("scna /", "scna"),
            List.of("scan", "give paths, or --files-from"),
            List.of("scan --files-from list /", "give paths, or --files-from"),
            List.of("scan -0 /", "-0 is about --files-from"),
            List.of("scan --colour /", "Unknown option: '--colour'"),
            List.of("scan --digest sha3 /", "--digest", "sha3"),
            List.of("scan --digest sha256,,md5 /", "--digest"),
            List.of("scan --digest", "--digest"),
            List.of("scan --format gnu --digest md5,sha1 /", "--format gnu", "use bsd"),
            List.of("scan --format ini /", "--format", "ini"),
            List.of("scan --format bsd --json /", "give --json, or --format"),
            List.of("scan --rate 0 /", "--rate 0"),
            List.of("scan --rate -5 /", "--rate", "-5"),
            List.of("scan --rate 1.5XB /", "--rate", "'1.5XB' is not a size"),
            List.of("scan --rate 9000PiB /", "--rate", "more than a file can hold"),
            List.of("scan --parallel 0 /", "0 files at a time"),
            List.of("scan --parallel 257 /", "257 files at a time"),
            List.of("scan --parallel two /", "--parallel", "two"),
            List.of("scan --read-size 1 /", "a read of 1 bytes"),
            List.of("scan --read-size 65MiB /", "64 KiB to 64 MiB"),
            List.of("scan --read-size 9EiB /", "--read-size", "'9EiB'"),
            List.of("scan --read-size -1 /", "--read-size"),
            List.of("scan --io-class slow /", "--io-class", "best-effort"),
            List.of("scan --io-class realtime:8 /", "--io-class", "realtime:8"),
            List.of("scan --io-class idle:1 /", "--io-class", "idle:1"),
            List.of("scan --strategy direct /", "--strategy", "drop-behind"),
            List.of("scan --strategy plain --cache drop /", "--strategy", "--cache drop"),
            List.of("scan --strategy dontcache --cache keep /", "--strategy", "--cache keep"),
            List.of("scan --fallback neutral /", "drop or keep"),
            List.of("scan --cache none /", "--cache", "none"),
            List.of("scan --progress sometimes /", "--progress", "sometimes"),
            List.of("cat", "FILE"),
            List.of("cat --range 5 /", "--range", "OFFSET:LENGTH"),
            List.of("cat --range 1:2:3 /", "--range", "OFFSET:LENGTH"),
            List.of("cat --range a:b /", "--range", "'a' is not a size"),
            List.of("cat --range 8191PiB:8191PiB /", "--range"),
            List.of("cat --range 1.5:1 /", "--range", "not a whole number"),
            List.of("cat --fallback neutral /", "drop or keep"),
            List.of("cat --cache all /", "--cache", "all"));

    private static final List<String> COMMANDS = List.of("", "scan", "cat", "allocate");

    @TempDir
    Path directory;

    /** Runs each line of a file as a command, and says on both streams where the next begins. */
    static final class EachLine {
        public static void main(String[] arguments) throws Exception {
            for (String line : Files.readAllLines(Path.of(arguments[0]))) {
                String[] words = Arrays.stream(line.split(" "))
                        .filter(word -> !word.isEmpty())
                        .toArray(String[]::new);
                int exitCode = Main.commandLine().execute(words);
                System.out.println("\f" + exitCode);
                System.err.print("\f");
            }
        }
    }

    private ChildJvm.Result run(List<String> lines) throws Exception {
        return ChildJvm.of(EachLine.class, Files.write(directory.resolve("lines"), lines))
                .run();
    }

    @Test
    void refusesEachWithOneLineThatSaysWhy() throws Exception {
        var result = run(WRONG.stream().map(words -> words.get(0)).toList());
        var said = result.err().split("\f");
        assertThat(said).as(result.toString()).hasSameSizeAs(WRONG);
        for (int i = 0; i < said.length; i++) {
            List<String> wrong = WRONG.get(i);
            assertThat(said[i].lines()).as(wrong.get(0)).hasSize(1);
            assertThat(said[i]).startsWith("millrace: ").contains(wrong.subList(1, wrong.size()));
            assertThat(said[i]).as(wrong.get(0)).doesNotContain("Exception", "\tat ");
        }
        assertThat(result.out()).isEqualTo("\f2\n".repeat(WRONG.size()));
    }

    @Test
    void helpsWithAnExampleForEveryCommand() throws Exception {
        var lines = new ArrayList<String>();
        COMMANDS.forEach(command -> lines.add(command + " --help"));
        var result = run(lines);
        String[] pages = result.out().split("\f0\n");
        assertThat(pages).as(result.toString()).hasSameSizeAs(COMMANDS);
        for (int i = 0; i < pages.length; i++) {
            assertThat(pages[i]).contains("Example").contains(("  millrace " + COMMANDS.get(i)).stripTrailing());
        }
    }
}
