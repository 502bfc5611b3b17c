// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.Amount;
import io.millrace.units.Text;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A good file, broken in hundreds of ways: every one is refused, with a place, and nothing is ever thrown but that. */
class ConfigurationMutationsTest {
    private static final int ROUNDS = Amount.of("millrace.mutations", 15, 100, 2_000);

    /** The keys of the workers, with values that are good. Each on a line of its own. */
    private static final List<String> KEYS = List.of(
            "mode: persistent",
            "processes: 3",
            "slow: detach",
            "terminal: true",
            "stall-timeout: 60s",
            "timeout: 24h",
            "stop-timeout: 500ms",
            "retries: 0",
            "output-limit: 1MiB",
            "pipe-size: 64KiB",
            "nice: 5",
            "io-class: best-effort:7",
            "directory: .",
            "environment: {LANG: C}",
            "quarantine-after: 2",
            "quarantine: 7d");

    private final Posix posix = LinuxPosix.create();

    @TempDir
    Path directory;

    /**
     * @param line where the problem must be, from 1; 0: anywhere
     * @param key it must name; empty for one of YAML's own rules, null: any
     */
    private record Broken(String what, byte[] text, int line, String key) {}

    @Test
    void areEachRefusedWithALineAndAKey() throws IOException {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            List<String> good = good(random);
            accept(String.join("\n", good));
            Broken broken = mutate(good, random);
            String context = "seed " + seed + " round " + round + " " + broken.what() + "\n"
                    + new String(broken.text(), StandardCharsets.UTF_8);
            List<ConfigurationProblem> problems = refused(broken.text(), context);
            assertThat(problems).as(context).anyMatch(problem -> fits(problem, broken));
            assertThat(problems)
                    .as(context)
                    .allMatch(problem -> problem.line() > 0 && problem.column() > 0)
                    .allMatch(problem -> problem.toString().codePoints().allMatch(Text::isPrintable));
        }
    }

    @Test
    void ofAnyBytesEndInNothingButARefusal() throws IOException {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        String pieces = "[]{}:,-?&*!|>'\"%@`#~<\\ \n\r\tax0\u00e9\uFEFF\u2028\u0085";
        for (int round = 0; round < 15 * ROUNDS; round++) {
            var text = new StringBuilder(String.join("\n", good(random)));
            for (int i = 1 + random.nextInt(8); i > 0; i--) {
                int at = random.nextInt(text.length());
                String piece = String.valueOf(pieces.charAt(random.nextInt(pieces.length())));
                text.replace(at, Math.min(text.length(), at + random.nextInt(4)), piece);
            }
            try {
                write(text.toString().getBytes(StandardCharsets.UTF_8));
            } catch (ConfigurationException e) {
                assertThat(e.problems()).as("seed %d round %d", seed, round).isNotEmpty();
            } catch (RuntimeException | StackOverflowError e) {
                fail("seed " + seed + " round " + round + "\n" + text, e);
            }
        }
    }

    private static boolean fits(ConfigurationProblem problem, Broken broken) {
        return (broken.line() == 0 || problem.line() == broken.line())
                && (broken.key() == null || problem.key().equals(broken.key()));
    }

    /** One to three workers with some of the keys each, as lines: the first is {@code workers:}. */
    private static List<String> good(Random random) {
        List<String> lines = new ArrayList<>(List.of("workers:"));
        int workers = 1 + random.nextInt(3);
        for (int i = 0; i < workers; i++) {
            lines.add("  w" + i + ":");
            lines.add("    command: [cat, -u]");
            KEYS.stream()
                    .filter(key -> random.nextInt(3) == 0)
                    .map(key -> "    " + key)
                    .forEach(lines::add);
        }
        return lines;
    }

    private static Broken mutate(List<String> good, Random random) {
        List<String> lines = new ArrayList<>(good);
        int at = lines.indexOf("    command: [cat, -u]") + 1; // right after it, in the first worker
        return switch (random.nextInt(14)) {
            case 0 ->
                insert(
                        lines,
                        at,
                        "    " + pick(random, "comand", "colour", "Mode", "x", "stall_timeout", "w0") + ": 1");
            case 1 -> insert(lines, at, "    command: x");
            case 2 ->
                replace(
                        lines,
                        at,
                        random,
                        "30",
                        "30 seconds",
                        "-1s",
                        "1e9",
                        "[30s]",
                        "5M",
                        "\"\"",
                        "99999999d",
                        "stall-timeout",
                        "timeout",
                        "stop-timeout",
                        "quarantine");
            case 3 ->
                replace(
                        lines,
                        at,
                        random,
                        "64k",
                        "-1",
                        "1 XB",
                        "64MIB",
                        "{}",
                        "1.5",
                        "99PiB",
                        "0.3B",
                        "output-limit",
                        "pipe-size");
            case 4 ->
                replace(
                        lines,
                        at,
                        random,
                        "three",
                        "-99",
                        "'1'",
                        "1.5",
                        "0x3",
                        "[1]",
                        "",
                        "99999999999",
                        "007",
                        "processes",
                        "retries",
                        "nice",
                        "quarantine-after");
            case 5 ->
                replace(
                        lines,
                        at,
                        random,
                        "yes",
                        "on",
                        "1",
                        "True",
                        "'true'",
                        "[]",
                        "",
                        "{a: b}",
                        "tru",
                        "terminal",
                        "mode",
                        "slow",
                        "io-class");
            case 6 ->
                replace(
                        lines,
                        at,
                        random,
                        "/nonexistent",
                        "[a]",
                        "''",
                        "\"\\0\"",
                        "\"a\\nb\"",
                        "~",
                        "\"\\ud800\"",
                        "&a .",
                        "!!str .",
                        "directory");
            case 7 ->
                replace(
                        lines,
                        at,
                        random,
                        "[a]",
                        "x",
                        "{'': x}",
                        "{A=B: x}",
                        "{A: [x]}",
                        "{A: }",
                        "{A: 1, A: 2}",
                        "{[A]: 1}",
                        "{<<: {}}",
                        "environment");
            case 8 -> removeCommand(lines);
            case 9 ->
                insert(lines, at, pick(random, "   mode: per-file", "     mode: per-file", "\tmode: per-file"), null);
            case 10 -> insert(lines, at, "    timeout: \"\u001b[31m" + (char) random.nextInt(9) + "\"", "");
            case 11 ->
                insert(lines, lines.size(), pick(random, "workers: {}", "pool: {}", "...\n---\na: b", "---"), null);
            case 12 ->
                insert(lines, at, pick(random, "    mode: [", "    mode: 'x", "    mode: {a: b", "    : : :"), null);
            default -> bytes(lines, at, random);
        };
    }

    private static String pick(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static Broken insert(List<String> lines, int at, String line) {
        return insert(lines, at, line, "workers.w0." + line.strip().replaceFirst(":.*", ""));
    }

    private static Broken insert(List<String> lines, int at, String line, String key) {
        lines.add(at, line);
        return new Broken(line, text(lines), key == null ? 0 : at + 1, key);
    }

    /** The values that are bad, and after them, from the first that is a key of {@link #KEYS}, the keys they are bad for. */
    private static Broken replace(List<String> lines, int at, Random random, String... valuesAndKeys) {
        List<String> values = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (String word : valuesAndKeys) {
            (KEYS.stream().anyMatch(key -> key.startsWith(word + ":")) ? keys : values).add(word);
        }
        String key = keys.get(random.nextInt(keys.size()));
        String value = values.get(random.nextInt(values.size()));
        while (at < lines.size() && lines.get(at).startsWith("    ")) {
            lines.remove(at); // the good one may be there
        }
        lines.add(at, "    " + key + ": " + value);
        return new Broken(
                key + ": " + value, text(lines), at + 1, key.equals("environment") ? null : "workers.w0." + key);
    }

    private static Broken removeCommand(List<String> lines) {
        lines.remove("    command: [cat, -u]");
        return new Broken("no command", text(lines), 2, "workers.w0.command");
    }

    private static Broken bytes(List<String> lines, int at, Random random) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(text(lines.subList(0, at)));
        out.writeBytes(new byte[] {'\n', '#', (byte) (0x80 + random.nextInt(0x80)), '\n'});
        return new Broken("a byte", out.toByteArray(), at + 1, "");
    }

    private static byte[] text(List<String> lines) {
        return String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    }

    private Configuration write(byte[] text) throws IOException {
        Path file = Files.write(directory.resolve("m.yaml"), text);
        return PatientChecks.read(posix, BytePath.of(file.toString()));
    }

    private void accept(String text) throws IOException {
        assertThat(write(text.getBytes(StandardCharsets.UTF_8)).workers()).isNotEmpty();
    }

    private List<ConfigurationProblem> refused(byte[] text, String context) throws IOException {
        try {
            var taken = write(text);
            return fail(context + "\ntaken: " + taken);
        } catch (ConfigurationException e) {
            return e.problems();
        } catch (RuntimeException | StackOverflowError e) {
            return fail(context, e);
        }
    }
}
