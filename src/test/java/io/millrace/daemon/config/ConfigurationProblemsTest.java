// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.Amount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused, where, and in which words. */
class ConfigurationProblemsTest {
    @TempDir
    Path directory;

    /** Each without the name of the file. */
    private List<String> problems(byte[] bytes) throws IOException {
        Path file = Files.write(directory.resolve("m.yaml"), bytes);
        try {
            var taken = PatientChecks.read(LinuxPosix.create(), BytePath.of(file.toString()));
            return fail("taken: " + taken);
        } catch (ConfigurationException e) {
            assertThat(e.getMessage().lines()).hasSameSizeAs(e.problems());
            return e.problems().stream()
                    .map(problem -> problem.toString().replace(directory + "/", ""))
                    .peek(line -> assertThat(line).startsWith("m.yaml:"))
                    .map(line -> line.substring("m.yaml:".length()))
                    .toList();
        }
    }

    private List<String> problems(String text) throws IOException {
        return problems(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void areAllToldAtOnceInTheOrderOfTheFile() throws IOException {
        assertThat(problems("""
                workerz: {}
                workers:
                  index:
                    mode: persistant
                    comand: [x]
                    retries: -1
                    nice: "3"
                    environment: {A=B: c, D: , "e\\n": 3, "f\\0": x}
                    pipe-size: 99GiB
                    terminal: yes
                    directory: nowhere
                  b: {command: "sh -c 'x", processes: 0x10, processes: 2, io-class: idle:3}
                  "c\\e[31m": &x [*y]
                  d: {command: [a, [b], !foo c, null], <<: *x}
                  e: {command: [], ? [q] : r, output-limit: 65MiB}
                ---
                x: y
                """))
                .containsExactly(
                        "1:1: workerz: is not a key here; did you mean 'workers'?",
                        "3:3: workers.index.command: is required and missing",
                        "4:5: workers.index.mode: 'persistant' is not one of per-file or persistent",
                        "5:5: workers.index.comand: is not a key here; did you mean 'command'?",
                        "6:5: workers.index.retries: retries cannot be negative",
                        "7:5: workers.index.nice: '3' must stand without quotes",
                        "8:19: workers.index.environment.A=B: 'A=B' cannot name a variable",
                        "8:27: workers.index.environment.D: has no value;"
                                + " a text that is empty or 'null' goes into quotes",
                        "8:42: workers.index.environment: a value cannot hold a NUL byte",
                        "9:5: workers.index.pipe-size: '99GiB' is out of range",
                        "10:5: workers.index.terminal: 'yes' is not true or false",
                        "11:5: workers.index.directory: nowhere: statx: No such file or directory (ENOENT)",
                        "12:7: workers.b.command: the quote ' at character 7 is not closed",
                        "12:28: workers.b.processes: '0x10' is not a whole number",
                        "12:45: workers.b.processes: is given twice; the first is in line 12",
                        "12:59: workers.b.io-class: 'idle:3' is not one of idle, best-effort[:0-7], realtime[:0-7]",
                        "13:3: workers.c\\033[31m: a worker's name is printable, on one line and not blank",
                        "13:14: workers.c\\033[31m: &x: anchors are not read here; write the value out",
                        "13:18: workers.c\\033[31m[1]: *y: aliases are not read here; write the value out",
                        "14:20: workers.d.command[2]: must be a single value, not a list",
                        "14:25: workers.d.command[3]: !foo: tags are not read here",
                        "14:33: workers.d.command[4]: has no value; a text that is empty or 'null' goes into quotes",
                        "14:40: workers.d.<<: merge keys are not read here; write the keys out",
                        "14:44: workers.d.<<: *x: aliases are not read here; write the value out",
                        "15:7: workers.e.command: a worker needs a command",
                        "15:22: workers.e: a key is one word, not a list",
                        "15:31: workers.e.output-limit: an output limit of 68157440 bytes is not within 1 to 4 MiB",
                        "16:1: a second document begins here; a configuration is one");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            stall-timeout: 30             | '30' is not a duration; write 500ms, 30s, 5m, 24h or 7d
            stall-timeout: 0s             | a stall-timeout must be more than nothing
            timeout: 5min                 | '5min' is not a duration; write 500ms, 30s, 5m, 24h or 7d
            stop-timeout: -1s             | '-1s' is not a duration; write 500ms, 30s, 5m, 24h or 7d
            quarantine: 40000d            | '40000d' is more than 36500d
            quarantine-after: 0           | quarantine comes after 1 failure at the least
            output-limit: 0               | an output limit of 0 bytes is not within 1 to 4 MiB
            output-limit: 1mb             | '1mb' is not a size; write 4096, 64MiB or 1GB
            output-limit: {a: b}          | must be a single value, not keys with values
            pipe-size: 1024               | a pipe of 1024 bytes is not within 4 KiB to 16 MiB
            pipe-size: 99999999999999TiB  | '99999999999999TiB' is more than a file can hold (8 EiB - 1)
            processes: 0                  | 0 processes is not within 1 to 1024
            processes: 010                | '010' is not a whole number
            processes: 1.0                | '1.0' is not a whole number
            processes:                    | has no value; a text that is empty or 'null' goes into quotes
            retries: 99999999999          | '99999999999' is not within -2147483648 to 2147483647
            nice: 20                      | niceness 20 is not within -20 to 19
            terminal: "true"              | 'true' must stand without quotes
            terminal: [true]              | must be a single value, not a list
            slow: drop                    | 'drop' is not one of block or detach
            mode: PERSISTENT              | 'PERSISTENT' is not one of per-file or persistent
            directory: m.yaml             | m.yaml is not a directory
            directory: ""                 | an empty path names no file
            environment: [A=B]            | must be keys with values, not a list
            io-class: none                | 'none' is not one of idle, best-effort[:0-7], realtime[:0-7]
            """, quoteCharacter = '`')
    void nameTheKeyAtFault(String line, String message) throws IOException {
        String key = line.replaceFirst(":.*", "");
        assertThat(problems("workers:\n  a:\n    command: x\n    " + line + "\n"))
                .containsExactly("4:5: workers.a." + key + ": " + message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a: b\\n  c: d          | 2:4: mapping values are not allowed here
            workers: [a\\nb: c     | 2:2: while parsing a flow sequence of line 1: expected ',' or ']', but got :
            workers:\\n\\ta: b     | 2:1: while scanning for the next token: found character '\\t(TAB)' that cannot start any token.
            a: 'b\\n               | 2:1: while scanning a quoted scalar of line 1: found unexpected end of stream
            a: {b: c\\n}}          | 2:2: while parsing a block mapping of line 1: expected <block end>, but found '}'
            a: @b                  | 1:4: while scanning for the next token: found character '@' that cannot start any token.
            """, quoteCharacter = '`')
    void nameTheLineWhereTheRulesOfYamlAreBroken(String text, String expected) throws IOException {
        assertThat(problems(text.replace("\\n", "\n").replace("\\t", "\t"))).containsExactly(expected);
    }

    @Test
    void nameTheByteThatIsNoTextAndTheCharacterThatIsNone() throws IOException {
        byte[] latin1 = "workers:\r\n# \u00e9\r\n  a\u00e9:\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(problems(latin1)).containsExactly("2:3: the byte \\351 here is not UTF-8");
        assertThat(problems("\u00e9\uD83D\uDE00\0\u00ff"))
                .containsExactly("1:3: YAML does not allow the character U+0000");
        assertThat(problems("a: b\rc: \u001b[31m")).containsExactly("2:4: YAML does not allow the character U+001B");
        assertThat(problems("a".getBytes(StandardCharsets.UTF_16)))
                .containsExactly("1:1: the byte \\376 here is not UTF-8");
    }

    @Test
    void nameEscapesThatAreNoCharacter() throws IOException {
        assertThat(problems("workers: {a: {command: \"\\ud800\"}}"))
                .containsExactly("1:24: workers.a.command: a value cannot hold half a character (a lone surrogate)");
        assertThat(problems("\n\"\\UFFFFFFFF\": 1").get(0)).startsWith("1:1: what begins here is not YAML: ");
    }

    @Test
    void areShortWhereTheValueIsLong() throws IOException {
        String digits = "9".repeat(Amount.of(50_000, 100_000, 900_000));
        for (String key : List.of("retries", "timeout", "pipe-size", "mode", "io-class", "terminal", digits)) {
            assertThat(problems("workers:\n  a:\n    command: x\n    \"" + key + "\": " + digits + "\n")
                            .get(0))
                    .hasSizeLessThan(400);
        }
    }

    @Test
    void doNotFillTheMemory() throws IOException {
        assertThat(problems("[".repeat(1 << 20))).containsExactly("1:33: more than 32 levels lie in one another here");
        assertThat(problems("workers: {a: {command: [" + "x,".repeat(500_000) + "]}}"))
                .hasSize(1)
                .allMatch(line -> line.contains("the file has too many keys and values"));
        var many = problems("workers:\n" + " a: {x: y}\n".repeat(5_000));
        assertThat(many).hasSize(1001);
        assertThat(many.get(1000)).matches("\\d+:2: and 40\\d\\d more problems");
    }

    @Test
    void areOfTheTopWhereItIsNoMapping() throws IOException {
        for (String text : List.of("foo", "- a\n- b\n", "''")) {
            assertThat(problems(text))
                    .hasSize(1)
                    .allMatch(line -> line.startsWith("1:1: must be keys with values, not "));
        }
        assertThat(problems("workers: [a]")).containsExactly("1:1: workers: must be keys with values, not a list");
        assertThat(problems("workers: {a: }")).containsExactly("1:11: workers.a.command: is required and missing");
    }

    @Test
    void suggestOnlyWhatIsClose() {
        var known = Arrays.asList("command", "mode", "stall-timeout", "timeout", "stop-timeout");
        assertThat(Suggestion.closest("comamnd", known)).contains("command");
        assertThat(Suggestion.closest("Stall_Timeout", known)).contains("stall-timeout");
        assertThat(Suggestion.closest("timout", known)).contains("timeout");
        assertThat(Suggestion.closest("stop-timeouts", known)).contains("stop-timeout");
        assertThat(Suggestion.closest("mod", known)).contains("mode");
        assertThat(Suggestion.closest("x", known)).isEmpty();
        assertThat(Suggestion.closest("colour", known)).isEmpty();
        assertThat(Suggestion.slips("abcd", "abdc")).isOne();
    }
}
