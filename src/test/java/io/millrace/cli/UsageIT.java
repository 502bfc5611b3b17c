// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.AutoComplete;
import picocli.CommandLine;

/** Everything that can be typed wrongly: one line that names the option and why, and exit code 2. */
class UsageIT {
    /** Command line, and words that its message has to hold. */
    private static final List<List<String>> WRONG = List.of(
            List.of("scna /", "no command 'scna'; did you mean scan?"),
            List.of("xyzzy /", "no command 'xyzzy'; there are serve, allocate, "),
            List.of("cache staus /", "no command 'staus'; did you mean status? (see millrace cache --help)"),
            List.of("ctl pool clam wal", "no command 'clam'; did you mean claim?"),
            List.of("help clam", "no command 'clam'; there are serve, allocate, "),
            List.of("help ctl pool clam", "no command 'clam'; did you mean claim? (see millrace ctl pool --help)"),
            List.of("help --verbose", "no option '--verbose'"),
            List.of("--verison", "no option '--verison'; did you mean --version?"),
            List.of("scan --digset=sha256 /", "no option '--digset'; did you mean --digest?"),
            List.of("allocate --size 64 MiB f9", "'MiB' is a unit: write a size without a space"),
            List.of("allocate --size 64MiB --reserve 5 f9", "'5' would be bytes; write 5% or 5GiB"),
            List.of("scan --rate 200 /", "'200' has no unit; write 200MiB/s or 200B/s"),
            List.of("scan --rate 200/s /", "'200/s' has no unit; write 200MiB/s"),
            List.of("scan", "give paths, or --files-from"),
            List.of("scan --files-from list /", "give paths, or --files-from"),
            List.of("scan -0 /", "-0 is about --files-from"),
            List.of("scan --colour /", "no option '--colour'"),
            List.of("scan --digest sha3 /", "--digest", "'sha3' is not one of crc32c, xxh3, sha256"),
            List.of("scan --digest sha256,,md5 /", "--digest"),
            List.of("scan --digest", "--digest"),
            List.of("scan --format gnu --digest md5,sha1 /", "--format gnu", "use bsd"),
            List.of("scan --format ini /", "--format", "ini"),
            List.of("scan --format bsd --json /", "give --json, or --format"),
            List.of("scan --rate -5 /", "--rate", "-5"),
            List.of("scan --rate 1.5XB /", "--rate", "'1.5XB' is not a rate"),
            List.of("scan --rate 9000PiB /", "--rate", "is not a rate"),
            List.of("scan --parallel 0 /", "--parallel: '0' is not within 1 to 256"),
            List.of("scan --parallel 257 /", "--parallel: '257' is not within 1 to 256"),
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
            List.of("scan --sort --files-from list", "--sort is about PATH", "LC_ALL=C sort"),
            List.of("cat --rate 200 /", "--rate: '200' has no unit; write 200MiB/s or 200B/s"),
            List.of("cat --progress sometimes /", "--progress", "sometimes"),
            List.of("cache status --summary --bar always /", "--bar draws each file, which --summary leaves out"),
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
                int exitCode = Main.execute(words);
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

    @ParameterizedTest
    @ValueSource(strings = {"", "cache", "ctl", "ctl pool"})
    void showsTheUsageWhereACommandIsMissing(String words) throws Exception {
        var result = run(List.of(words + " ")); // not an empty line
        assertThat(result.out()).isEqualTo("\f2\n");
        assertThat(result.err())
                .startsWith(("Usage: millrace " + words).stripTrailing() + " ")
                .endsWith("millrace: a command is missing (see " + ("millrace " + words).stripTrailing()
                        + " --help)\n\f");
    }

    @Test
    void takesDigestsAsPeopleWriteThem() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        var result = run(Stream.of("SHA-256", "sha-512", "Sha256", "MD5")
                .map(name -> "scan -q --digest " + name + " " + file)
                .toList());
        assertThat(result.out().lines().filter("\f0"::equals))
                .as(result.toString())
                .hasSize(4);
        assertThat(result.err()).isEqualTo("\f".repeat(4));
    }

    /** Whatever a shell completes can be typed, and is what the help shows. */
    @Test
    void completesWhatTheHelpShows() {
        String script = AutoComplete.bash("millrace", new CommandLine(Main.allCommands()));
        assertThat(script)
                .contains(
                        "\"sha256\"", "\"neutral\"", "\"drop-behind\"", "\"best-effort\"", "\"detach\"", "\"dontneed\"")
                .doesNotContain("\"SHA256\"", "\"NEUTRAL\"", "\"DETACH\"", "\"ALWAYS\"", "\"GNU\"", "\"NORMAL\"");
        assertThat(script.lines().filter(line -> line.endsWith("# --fallback values")))
                .isNotEmpty()
                .allMatch(line -> line.contains("(\"drop\" \"keep\")"));
    }

    @Test
    void verifySaysWhichExitCodeMeansThatFilesDidNotMatch() throws Exception {
        var result = run(List.of("verify --help"));
        String codes = result.out().substring(result.out().indexOf("\nExit codes:\n"));
        assertThat(codes.replaceAll("\\s+", " "))
                .contains(
                        "1 done, but some files did not match, are missing or could not be read, or none was verified");
    }

    /** Examples are to be copied: none is wrapped. */
    @Test
    void wrapsNoExample() throws Exception {
        var result = run(List.of("--help", "scan --help", "verify --help", "allocate --help", "ctl scan start --help"));
        String examples = Arrays.stream(result.out().split("\f0\n"))
                .map(page -> page.substring(page.indexOf("\nExample")))
                .collect(Collectors.joining());
        assertThat(examples.lines().filter(line -> !line.isBlank() && !line.startsWith("Example")))
                .isNotEmpty()
                .allMatch(line -> line.matches("  (cd \\S+ && )?(millrace|sha256sum|pg_dump) .*"));
    }

    @Test
    void helpIsTheSameAsTheOption() throws Exception {
        var result = run(
                List.of("help", "help scan", "help ctl pool claim", "--help", "scan --help", "ctl pool claim --help"));
        String[] pages = result.out().split("\f0\n");
        assertThat(pages).as(result.toString()).hasSize(6);
        assertThat(List.of(pages).subList(0, 3)).isEqualTo(List.of(pages).subList(3, 6));
        assertThat(pages[0]).contains("Usage: millrace ", "help ");
    }

    @Test
    void quietLeavesOutWarningsAndKeepsErrors() throws Exception {
        Path file = directory.resolve("m.yaml");
        Files.writeString(file, "workers: { index: { command: [no-such-program] } }");
        Path bad = directory.resolve("bad.yaml");
        Files.writeString(bad, "wrokers: {}");
        var result = run(List.of("check-config " + file, "-q check-config " + file, "-q check-config " + bad));
        String[] errors = result.err().split("\f");
        assertThat(errors[0]).contains("warning: workers.index.command: ");
        assertThat(errors[1]).isBlank();
        assertThat(errors[2]).contains("did you mean 'workers'?");
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
