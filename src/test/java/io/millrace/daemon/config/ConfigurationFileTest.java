// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.posix.IoPriority;
import io.millrace.posix.IoPriority.IoClass;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.HostileNames;
import io.millrace.worker.SlowPolicy;
import io.millrace.worker.WorkerMode;
import io.millrace.worker.WorkerSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are taken, and where the file is. */
class ConfigurationFileTest {
    private static final Posix POSIX = LinuxPosix.create();

    @TempDir
    Path directory;

    private Configuration read(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("millrace.yaml"), text);
        return PatientChecks.read(POSIX, BytePath.of(file.toString()));
    }

    @Test
    void takesTheShippedFileAsItIs() throws IOException {
        Path copy = Files.copy(
                Path.of("config/millrace.yaml"),
                Files.createDirectory(directory.resolve("config")).resolve("millrace.yaml"));
        Files.createDirectories(directory.resolve("target/run/pool"));
        Files.createDirectories(directory.resolve("target/run/big"));
        var shipped = PatientChecks.read(POSIX, BytePath.of(copy.toString()));
        assertThat(shipped.pools().get("segments").directory()).hasToString(directory + "/target/run/pool");
        assertThat(shipped.stateDirectory()).hasToString(directory + "/target/run/state");
        assertThat(shipped.runtimeDirectory()).hasToString(directory + "/target/run/run");
        assertThat(shipped.sources().get("programs").atStart()).isTrue();
        assertThat(shipped.workers().keySet()).containsExactly("sha256", "newlines", "b3sum", "lines", "zstd-copy");
    }

    @Test
    void takesTheWorkersOfTheShippedFileWhateverIsThere() throws IOException {
        var workers = ConfigurationFile.readWorkers(POSIX, BytePath.of("config/millrace.yaml"));
        assertThat(workers.keySet()).containsExactly("sha256", "newlines", "b3sum", "lines", "zstd-copy");
        assertThat(workers.values())
                .allMatch(worker -> worker.surroundings().directory().equals(Optional.of(BytePath.of("config"))));
    }

    @Test
    void findsInTheShippedFileTheDefaultsThatItsCommentsTell() throws IOException {
        var keys = Files.readAllLines(Path.of("config/millrace.yaml")).stream()
                .filter(line -> line.matches("  #   [a-z-]+: .*"))
                .map(line -> line.replaceFirst("  #   ", "    ").replaceFirst("(: [^ ]+)  .*", "$1"))
                .toList();
        assertThat(keys).hasSize(11);
        var told = read("workers:\n  a:\n    command: x\n" + String.join("\n", keys))
                .workers();
        var usual = read("workers: {a: {command: x}}").workers();
        assertThat(told.get("a").limits()).isEqualTo(usual.get("a").limits());
        assertThat(told.get("a").surroundings())
                .usingRecursiveComparison()
                .ignoringFields("directory")
                .isEqualTo(usual.get("a").surroundings());
    }

    @Test
    void findsInTheShippedFileWhatHoldsForSources() throws IOException {
        var keys = Files.readAllLines(Path.of("config/millrace.yaml")).stream()
                .dropWhile(line -> !line.equals("sources:"))
                .filter(line -> line.matches("    #   [a-z-]+: .*") && !line.contains(" example: "))
                .map(line -> line.replaceFirst("#   ", "").replaceFirst("(: (\\{.*}|[^ ]+)).*", "$1"))
                .toList();
        assertThat(keys).hasSize(11);
        String limits = "limits: { parallel: 1, io-class: idle, yield-above: { io-pressure: 20% } }\n";
        String source = "sources:\n  a:\n    paths: [/usr]\n";
        var told = read(limits + source + String.join("\n", keys)).sources();
        assertThat(told).isEqualTo(read(limits + source).sources());
    }

    @Test
    void findsTheSameKeysInTheManualAsInTheShippedFile() throws IOException {
        Set<String> names = Set.of("segments", "big", "programs", "sha256", "newlines", "b3sum", "lines", "zstd-copy");
        Set<String> explainedValues = Set.of("detach", "keep", "per-file", "persistent");
        var shipped = new TreeSet<String>();
        for (String line : Files.readAllLines(Path.of("config/millrace.yaml"))) {
            var key = Pattern.compile("^ *(?:# +(?:Example: )?)?([a-z-]+):(?= |$)|[{,] ([a-z-]+):(?= )")
                    .matcher(line);
            while (key.find()) {
                shipped.add(key.group(1) == null ? key.group(2) : key.group(1));
            }
        }
        shipped.removeAll(names);
        shipped.removeAll(explainedValues);
        var manual = Pattern.compile("(?m)^\\*(?:tls\\.)?([a-z-]+)\\*(?:, \\*([a-z-]+)\\*, \\*([a-z-]+)\\*)?::?"
                        + "|\\{ \\*([a-z-]+)\\*:")
                .matcher(Files.readString(Path.of("src/main/manual/millrace.yaml.adoc")));
        var told = new TreeSet<String>();
        while (manual.find()) {
            for (int i = 1; i <= manual.groupCount(); i++) {
                Optional.ofNullable(manual.group(i)).ifPresent(told::add);
            }
        }
        assertThat(told).isEqualTo(shipped).hasSize(62);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "# only\n",
                "\uFEFF# only",
                "---\n",
                "---\n...\n",
                "{}",
                "~",
                "workers:",
                "workers: {}\r\n"
            })
    void takesAnEmptyFile(String text) throws IOException {
        assertThat(read(text).workers()).isEmpty();
    }

    @Test
    void fillsInWhatIsLeftOut() throws IOException {
        var workers = read("workers: {a: {command: x}, b: {command: [y], mode: persistent}}")
                .workers();
        var a = workers.get("a");
        assertThat(a.name()).isEqualTo("a");
        assertThat(a.mode()).isEqualTo(WorkerMode.PER_FILE);
        assertThat(a.processes()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(a.slow()).isEqualTo(SlowPolicy.BLOCK);
        assertThat(a.limits()).isEqualTo(WorkerSpec.Limits.DEFAULT);
        assertThat(a.surroundings().directory()).contains(BytePath.of(directory.toString()));
        assertThat(a.surroundings().environment()).isEmpty();
        assertThat(workers.get("b").processes()).isOne();
    }

    @Test
    void takesEveryKeyOfAWorker() throws IOException {
        Files.createDirectory(directory.resolve("in"));
        var worker = read("""
                workers:
                  every:
                    command: [prog, 5, true, 0x10, "null", 'a b', "\\udcff"]
                    mode: persistent
                    processes: 3
                    slow: detach
                    terminal: true
                    stall-timeout: 60s
                    timeout: 24h
                    stop-timeout: 500ms
                    retries: 0
                    output-limit: 1MiB
                    pipe-size: 4096
                    nice: -5
                    io-class: best-effort:7
                    directory: in
                    environment: {LANG: C, N: 010, EMPTY: "", B: yes}
                    quarantine-after: 2
                    quarantine: 7d
                """).workers().get("every");
        assertThat(worker)
                .isEqualTo(new WorkerSpec(
                        "every",
                        List.of("prog", "5", "true", "0x10", "null", "a b", "\udcff"),
                        WorkerMode.PERSISTENT,
                        3,
                        SlowPolicy.DETACH,
                        new WorkerSpec.ProcessSettings(
                                Optional.of(BytePath.of(directory + "/in")),
                                Map.of("LANG", "C", "N", "010", "EMPTY", "", "B", "yes"),
                                true,
                                -5,
                                Optional.of(new IoPriority(IoClass.BEST_EFFORT, 7)),
                                4096),
                        new WorkerSpec.Limits(
                                Duration.ofMinutes(1),
                                Duration.ofDays(1),
                                Duration.ofMillis(500),
                                0,
                                1 << 20,
                                2,
                                Duration.ofDays(7))));
    }

    @Test
    void keepsTheOrderOfTheFile() throws IOException {
        var text = new StringBuilder("workers:\n");
        for (int i = 50; i > 0; i--) {
            text.append("  w").append(i).append(": {command: x}\n");
        }
        assertThat(read(text.toString()).workers().keySet())
                .startsWith("w50", "w49")
                .endsWith("w2", "w1");
    }

    @Test
    void splitsACommandThatIsOneText() throws IOException {
        var worker =
                read("workers: {a: {command: 'sh -c \"a | b\"'}}").workers().get("a");
        assertThat(worker.command()).containsExactly("sh", "-c", "a | b");
    }

    @Test
    void readsAFileOfAnyNameAndNamesItOnOneLine() throws Exception {
        try (var hostile = new HostileNames()) {
            for (byte[] name : hostile.names()) {
                var path = BytePath.of(hostile.directory().toString()).resolve(name);
                assertThatExceptionOfType(ConfigurationException.class)
                        .isThrownBy(() -> PatientChecks.read(POSIX, path))
                        .satisfies(e -> assertThat(e.problems().get(0).toString())
                                .startsWith(path.display() + ":")
                                .matches(line -> line.codePoints().noneMatch(Character::isISOControl)));
            }
        }
    }

    @Test
    void saysWhichFileCannotBeRead() {
        var missing = BytePath.of(directory + "/missing");
        assertThatExceptionOfType(PosixException.class)
                .isThrownBy(() -> PatientChecks.read(POSIX, missing))
                .matches(e -> e.is(Errno.ENOENT))
                .withMessageContaining("missing");
        assertThatExceptionOfType(PosixException.class)
                .isThrownBy(() -> PatientChecks.read(POSIX, BytePath.of(directory.toString())))
                .matches(e -> e.is(Errno.EISDIR));
    }

    @Test
    void takesUpToOneMebibyte() throws IOException {
        String text = "workers: {a: {command: x}} #";
        String full = text + "x".repeat((1 << 20) - text.getBytes(StandardCharsets.UTF_8).length);
        assertThat(read(full).workers()).hasSize(1);
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> read(full + "x"))
                .withMessageEndingWith(":1:1: the file is larger than 1 MiB");
    }

    @Test
    void prefersTheInstalledFileToThatOfTheSources() throws IOException {
        Path installed = directory.resolve("etc/millrace.yaml");
        Path tree = Files.createDirectories(directory.resolve("repo"));
        Path jar = tree.resolve("target/millrace/lib/millrace.jar");
        assertThat(ConfigurationFile.defaultPath(installed, Optional.of(jar))).hasToString(installed.toString());

        Path source = Files.createDirectory(tree.resolve("config")).resolve("millrace.yaml");
        Files.createFile(source);
        assertThat(ConfigurationFile.defaultPath(installed, Optional.of(jar))).hasToString(source.toString());
        assertThat(ConfigurationFile.defaultPath(installed, Optional.of(tree.resolve("target/classes"))))
                .hasToString(source.toString());
        assertThat(ConfigurationFile.defaultPath(installed, Optional.of(tree.resolve("lib/millrace.jar"))))
                .hasToString(installed.toString());
        assertThat(ConfigurationFile.defaultPath(installed, Optional.empty())).hasToString(installed.toString());

        Files.createDirectory(installed.getParent());
        Files.createFile(installed);
        assertThat(ConfigurationFile.defaultPath(installed, Optional.of(jar))).hasToString(installed.toString());
    }
}
