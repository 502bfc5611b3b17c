// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.millrace.daemon.config.ConfigurationException;
import io.millrace.daemon.config.ConfigurationProblem;
import io.millrace.daemon.config.PatientChecks;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.Amount;
import io.millrace.units.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole service's file, broken at up to six keys at once: each of them is named, with its line. */
class ServiceMutationsTest {
    private static final int ROUNDS = Amount.of("millrace.mutations", 10, 60, 2_000);
    private static final int MAX_BROKEN = 6;

    private static final List<String> NO_VALUE = List.of("", "~", "null", "&a 1", "*a", "!!str 1", "\"\\0\"");
    private static final List<String> NO_SCALAR = List.of("[a]", "{a: b}", "[]");
    private static final List<String> NO_WORD = List.of("x", "True", "yes", "'1'", "'-'", "\"a\\nb\"");
    private static final List<String> NO_RATE = List.of("0/h", "1", "-1/s", "1 apple/s", "1/ s", "1MiB/h");
    private static final List<String> NO_SIZE = List.of("0", "-1", "64M", "1.5", "1e3", "99EiB", "1 MiB x");
    private static final List<String> NO_COUNT = List.of("-1", "0x1", "1.0", "'2'", "007", "99999999999", "1_000");
    private static final List<String> NO_SHARE = List.of("101%", "-1%", "20", "0.2", "20 %", "5e0%", "NaN%", "'%'");
    private static final List<String> NO_LISTEN =
            List.of("9847", "127.0.0.1", "a.example:80", "127.0.0.1:65536", "'[::1]'", "'::1:80'", "'*:80'");
    private static final List<String> NO_PATH = List.of("/no/where/at/all", "''", "wal/../none/x");
    private static final List<String> NO_LIST = List.of("x", "{a: b}", "[[a]]", "[~]", "[a, {b: c}]", "['']");

    /** What each key cannot have beside what its place in {@link #bad} adds. */
    private static final Map<String, List<String>> BAD = Map.ofEntries(
            Map.entry("state-directory", NO_PATH),
            Map.entry("runtime-directory", NO_PATH),
            Map.entry("listen", NO_LISTEN),
            Map.entry("hosts", NO_LIST),
            Map.entry("access", NO_PATH),
            Map.entry("key-store", NO_PATH),
            Map.entry("trust-store", NO_PATH),
            Map.entry("password-file", NO_PATH),
            Map.entry("roots", List.of("x", "{a: b}", "[[a]]", "[~]", "[., .]", "[data/file]", "[../none]")),
            Map.entry("reserve", List.of("101%", "-1%", "0.5", "5e0%", "64M", "NaN%", "x")),
            Map.entry("rate", NO_RATE),
            Map.entry("parallel", NO_COUNT),
            Map.entry("io-class", NO_WORD),
            Map.entry("io-pressure", NO_SHARE),
            Map.entry("directory", NO_PATH),
            Map.entry("file-size", NO_SIZE),
            Map.entry("ready", NO_COUNT),
            Map.entry("name", List.of("x", "'%d%d'", "'%s'", ".%d", "a/%d", "'%0999d'")),
            Map.entry("fill", NO_WORD),
            Map.entry("mode", List.of("0640", "640", "'0888'", "'4755'", "'rw-'", "'64'")),
            Map.entry("owner", List.of("no-such-user", "-1", "4294967295", "''")),
            Map.entry("group", List.of("no-such-group", "-1", "99999999999", "''")),
            Map.entry("paths", List.of("data", "[]", "{a: b}", "[none]", "[data, data]", "[data/../data, data]")),
            Map.entry("include", List.of("x", "{a: b}", "[[a]]", "[~]", "[a, a]")),
            Map.entry("exclude", List.of("x", "{a: b}", "[[a]]", "[~]", "[a, a]")),
            Map.entry("order", NO_WORD),
            Map.entry("every", List.of("24", "0s", "1ms", "-1h", "24 hours", "daily", "99999999d")),
            Map.entry("at-start", NO_WORD),
            Map.entry("digests", List.of("sha256", "[sha3]", "[sha256, sha256]", "[SHA256]", "[~]")),
            Map.entry("workers", List.of("count", "[cuont]", "[count, count]", "[\"count\\n\"]")),
            Map.entry("cache", NO_WORD),
            Map.entry("fallback", List.of("neutral", "x", "Drop")),
            Map.entry("record", NO_WORD),
            Map.entry("verify", NO_WORD),
            Map.entry("verify-within", List.of("30", "0s", "23h", "-1d", "30 days", "99999999d")),
            Map.entry("between", List.of("01:00", "1-5", "25:00-26:00", "01:00-01:00", "24:00-05:00", "01:60-02:00")),
            Map.entry("backups", NO_PATH),
            Map.entry("read-size", NO_SIZE));

    /** For these, what is no single value is said above, and nothing may be a list of nothing. */
    private static final List<String> LISTS =
            List.of("hosts", "roots", "paths", "include", "exclude", "digests", "workers");

    @TempDir
    Path directory;

    private ServiceFile file;

    @BeforeEach
    void makeFiles() throws IOException {
        file = ServiceFile.in(directory);
    }

    /** What was done to a file, and what has to be told of it. */
    private record Broken(String text, Map<Integer, String> keys) {}

    @Test
    void areRefusedWithTheLineAndTheKeyOfEach() throws IOException {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        assertThat(file.problems(String.join("\n", ServiceFile.LINES))).isEmpty();
        for (int round = 0; round < ROUNDS; round++) {
            var broken = mutate(random);
            String context = "seed " + seed + " round " + round + "\n" + broken.text();
            List<ConfigurationProblem> problems = refused(broken.text(), context);
            broken.keys()
                    .forEach((line, key) -> assertThat(problems)
                            .as(context)
                            .anyMatch(problem ->
                                    problem.line() == line && problem.key().startsWith(key)));
            assertThat(problems)
                    .as(context)
                    .allMatch(problem -> broken.keys().containsKey(problem.line()))
                    .allMatch(problem -> problem.column() > 0)
                    .allMatch(problem -> problem.toString().codePoints().allMatch(Text::isPrintable));
        }
    }

    private Broken mutate(Random random) {
        List<String> lines = new ArrayList<>(ServiceFile.LINES);
        Map<Integer, String> keys = new TreeMap<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).matches(" *[a-z-]+: .*") && BAD.containsKey(key(lines.get(i)))) {
                places.add(i);
            }
        }
        Collections.shuffle(places, random);
        for (int at : places.subList(0, 1 + random.nextInt(MAX_BROKEN))) {
            String line = lines.get(at);
            String key = key(line);
            String indent = line.substring(0, line.indexOf(key));
            boolean misspelt = random.nextInt(4) == 0 && !ServiceMutationsTest.isRequired(key);
            lines.set(at, misspelt ? line.replaceFirst(key, key + "x") : indent + key + ": " + bad(key, random));
            keys.put(at + 1, path(lines, at));
        }
        return new Broken(String.join("\n", lines) + "\n", keys);
    }

    /** Whether leaving it out is told of at another line. */
    private static boolean isRequired(String key) {
        return List.of(
                        "directory",
                        "file-size",
                        "ready",
                        "paths",
                        "key-store",
                        "trust-store",
                        "password-file",
                        "verify",
                        "verify-within",
                        "access")
                .contains(key);
    }

    private static String bad(String key, Random random) {
        List<String> values = new ArrayList<>(BAD.get(key));
        if (!LISTS.contains(key)) {
            values.addAll(NO_VALUE);
            values.addAll(NO_SCALAR);
        }
        return values.get(random.nextInt(values.size()));
    }

    private static String key(String line) {
        return line.strip().replaceFirst(":.*", "");
    }

    /** The key in this line, with those above it. */
    private static String path(List<String> lines, int at) {
        int indent = indent(lines.get(at));
        String path = key(lines.get(at));
        for (int i = at; i >= 0; i--) {
            if (indent(lines.get(i)) < indent) {
                indent = indent(lines.get(i));
                path = key(lines.get(i)) + "." + path;
            }
        }
        return path;
    }

    private static int indent(String line) {
        return line.length() - line.stripLeading().length();
    }

    private List<ConfigurationProblem> refused(String text, String context) throws IOException {
        try {
            var taken = PatientChecks.read(LinuxPosix.create(), file.write(text));
            return fail(context + "\ntaken: " + taken);
        } catch (ConfigurationException e) {
            return e.problems();
        } catch (RuntimeException | StackOverflowError e) {
            return fail(context, e);
        }
    }
}
