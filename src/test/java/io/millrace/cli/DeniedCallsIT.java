// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Native;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.Amount;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import io.millrace.testkit.DeniedCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One system call at a time is forbidden or missing, in all that Millrace does: what comes out is the same, or one clear line
 * says which call failed, with an exit code other than 0. Never a wrong result with exit code 0.
 *
 * <p>A selection, each forbidden as a filter of a container does it, unless {@code -Dmillrace.denied=all}: 170 rounds, of
 * which a table is printed. Of {@code -Dmillrace.denied=a,b} only these calls.
 */
class DeniedCallsIT {
    /** The calls whose absence has a way round it. */
    private static final List<String> SELECTION =
            List.of("pidfd_open", "preadv2", "fadvise64", "splice", "faccessat2", "mincore");

    private static final Pattern STEP = Pattern.compile("(?s)(.*?)\\n== (\\w+) (\\d+)\\n");
    private static final Map<String, String> TABLE = new TreeMap<>();

    @TempDir
    private Path directory;

    private Path files;
    private Path config;
    private DeniedCalls denied;
    private final Map<String, String> sums = new TreeMap<>();

    static Stream<Arguments> calls() {
        String wished = System.getProperty("millrace.denied", Amount.isFull() ? "all" : "");
        List<String> calls =
                wished.isEmpty() ? SELECTION : wished.equals("all") ? DeniedCalls.ALL : List.of(wished.split(","));
        List<String> errors = wished.isEmpty() ? List.of("EPERM") : List.of("EPERM", "ENOSYS");
        return calls.stream().flatMap(call -> errors.stream().map(errno -> Arguments.of(call, errno)));
    }

    @BeforeEach
    void write() throws Exception {
        denied = DeniedCalls.in(directory);
        files = Files.createDirectory(directory.resolve("files"));
        var unused = CachedFile.random(files.resolve("a-big"), (9 << 20) + 1, 1).evicted();
        unused = CachedFile.sparse(files.resolve("b-sparse"), 4 << 20, 2, 1 << 20);
        unused = CachedFile.random(files.resolve("c-small"), 1000, 3);
        unused = CachedFile.random(files.resolve("d-other"), 300_000, 4);
        for (String name : List.of("a-big", "b-sparse", "c-small", "d-other")) {
            sums.put(
                    files.resolve(name).toString(),
                    Command.run("sha256sum", files.resolve(name)).substring(0, 64));
        }
        Path worker = Files.writeString(directory.resolve("stays.py"), """
                import hashlib, sys
                sys.path.insert(0, sys.argv[1])
                import protocol
                for file in protocol.files():
                    with file:
                        digest = hashlib.sha256()
                        for chunk in file.chunks():
                            digest.update(chunk)
                        file.answer(digest.hexdigest())
                """);
        String python = Command.run("python3", "-c", "import sys; print(sys.executable)")
                .strip(); // may be behind a script
        config = Files.writeString(
                directory.resolve("config"),
                "workers:\n  stays: { command: [" + python + ", " + worker + ", "
                        + Path.of("config/workers").toAbsolutePath() + "], mode: persistent }\n"
                        + "  terminal: { command: [sha256sum], terminal: true }\n");
    }

    private ChildJvm.Result run(String... wrapper) throws Exception {
        Path out = Files.createDirectories(directory.resolve("out-" + System.nanoTime()));
        Files.createDirectory(out.resolve("pool"));
        Files.createDirectory(out.resolve("state"));
        Path results = out.resolve("results");
        var ended = ChildJvm.of(AllFaces.class, files, config, out)
                .under("bash", "-o", "pipefail", "-c", "\"$@\" | cat > " + results, "bash")
                .under(wrapper)
                .timeout(Duration.ofMinutes(4))
                .run();
        var result = new ChildJvm.Result(
                ended.exitCode(), Files.readString(results, StandardCharsets.ISO_8859_1), ended.err());
        if (result.out().contains("== pool 0")) {
            assertReserved(out.resolve("claimed"), 65536);
        }
        if (result.out().contains("== allocate 0")) {
            assertReserved(out.resolve("allocated"), 1 << 20);
        }
        return result;
    }

    private static void assertReserved(Path file, long bytes) throws IOException {
        var status = LinuxPosix.create().files().status(BytePath.of(file.toString()));
        assertThat(status.sizeBytes()).isEqualTo(bytes);
        assertThat(status.reservedBytes()).isGreaterThanOrEqualTo(bytes);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void noResultChanges(String call, String errno) throws Exception {
        var result = run(denied.under(errno, call));
        String row = result.out().isEmpty() && !startsJvm(call, errno)
                ? "a JVM with a library does not start"
                : judge(result, errno);
        synchronized (TABLE) {
            TABLE.put(call + " " + errno, row);
        }
        assertThat(row).as(call + " " + errno + " " + result).doesNotContain("WRONG");
    }

    /** All that is newer than these kernels is missing at once. */
    @ParameterizedTest
    @CsvSource({
        "4.11,pidfd_send_signal pidfd_open clone3 openat2 close_range faccessat2 cachestat preadv2:5:0x80",
        "5.4,openat2 close_range faccessat2 cachestat preadv2:5:0x80",
        "5.10,cachestat preadv2:5:0x80"
    })
    void noResultChangesOnOldKernels(String kernel, String calls) throws Exception {
        assertThat(judge(run(denied.under("ENOSYS", calls.split(" "))), "ENOSYS"))
                .as("Linux " + kernel)
                .startsWith("same |");
    }

    private boolean startsJvm(String call, String errno) throws Exception {
        var nothing =
                ChildJvm.of(Nothing.class).under(denied.under(errno, call)).run();
        return nothing.out().equals("nothing\n");
    }

    /** What any program of Java needs that calls the kernel by JNA. */
    static final class Nothing {
        public static void main(String[] arguments) {
            System.out.println(Native.POINTER_SIZE == 0 ? "" : "nothing");
        }
    }

    private String judge(ChildJvm.Result result, String errno) throws IOException {
        var row = new ArrayList<String>();
        var matcher = STEP.matcher(result.out());
        int steps = 0;
        int cats = 0;
        while (matcher.find()) {
            steps++;
            String name = matcher.group(2);
            boolean good = matcher.group(3).equals("0");
            String file = !name.equals("cat") ? "" : cats++ == 0 ? "a-big" : "b-sparse";
            if (good && !isRight(name, file, matcher.group(1))) {
                row.add(name + file + " WRONG");
            } else if (!good) {
                row.add(name + " refused");
            }
        }
        String said = result.err()
                .lines()
                .filter(line -> line.contains("(" + errno + ")"))
                .findFirst()
                .orElse("-");
        if (steps != 9) {
            row.add("WRONG: ended after " + steps + " steps");
        }
        if ((!row.isEmpty() && said.equals("-"))
                || result.err().contains("Exception")
                || result.err().contains("java.lang")) {
            row.add("WRONG words");
        }
        return (row.isEmpty() ? "same" : String.join(", ", row)) + " | " + said.replace(directory.toString(), "");
    }

    private boolean isRight(String step, String file, String out) throws IOException {
        return switch (step) {
            case "scan" -> isRightScan(out);
            case "cat" -> out.equals(Files.readString(files.resolve(file), StandardCharsets.ISO_8859_1));
            default -> true;
        };
    }

    private boolean isRightScan(String out) throws IOException {
        var found = new LinkedHashMap<String, String>();
        for (String line : out.lines()
                .filter(line -> line.startsWith("{\"type\":\"file\""))
                .toList()) {
            var file = Json.lines(line).get(0);
            String path = String.valueOf(file.get("path"));
            String sum = sums.get(path);
            boolean all = !String.valueOf(file.get("digests")).contains("sha256")
                    || String.valueOf(file.get("digests")).contains(sum);
            for (var worker : Json.maps(file.get("workers"))) {
                all &= "done".equals(worker.get("outcome")) && worker.toString().contains(sum);
            }
            found.put(path, all ? sum : "wrong");
        }
        return new TreeMap<>(found).equals(sums);
    }

    @AfterAll
    static void print() {
        if (!System.getProperty("millrace.denied", "").isEmpty()) {
            TABLE.forEach((call, row) -> System.out.println(call + " | " + row));
        }
    }
}
