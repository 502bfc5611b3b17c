// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.telemetry.jmx.client.ControlClient;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace serve} is asked for something: inside the roots it does it, and outside it refuses in one line. */
class ServeRequestsIT {
    private static final Pattern RESULT = Pattern.compile("\"path\":\"([^\"]+)\".*\"sha256\":\"([0-9a-f]{64})\"");
    private static final String CONFIGURATION = """
            roots: [src]
            pools: { wal: { directory: pool, file-size: 4KiB, ready: 2, reserve: 0% } }
            sources: { src: { paths: [src], digests: [sha256] } }
            """;

    @TempDir
    Path directory;

    private Path src;

    private static void refused(ThrowingCallable order, String why) {
        assertThatThrownBy(order).message().contains(why).hasLineCount(1);
    }

    private static void refused(ChildJvm.Result result, String why) {
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err()).startsWith("millrace: ").contains(why).hasLineCount(1);
    }

    private static String scan(ControlClient client, String path, String worker) throws IOException {
        return client.scans().startPath(path, "sha256", worker, "neutral", "none");
    }

    @Test
    void refusesWhatIsNotBelowTheRoots() throws Exception {
        RunningService.configure(directory, CONFIGURATION);
        src = directory.resolve("src");
        Files.writeString(directory.resolve("secret"), "secret");
        Files.createSymbolicLink(src.resolve("out"), directory);
        Files.createSymbolicLink(src.resolve("file"), directory.resolve("secret"));
        try (var service = RunningService.start(directory);
                var client = ControlClient.connect(
                        LinuxPosix.create(),
                        BytePath.of(directory.resolve("run/jmx.credential").toString()))) {
            for (String[] way : new String[][] {
                {directory + "/secret", "is not below a configured root"},
                {src + "/../secret", "'..'"},
                {src + "/out/secret", "symbolic link"},
                {src + "/file", "symbolic link"},
                {"secret", "is not an absolute path"}
            }) {
                refused(() -> scan(client, way[0], ""), way[1]);
                if (!way[0].endsWith("file")) { // which would be a name that is taken
                    refused(() -> client.preallocator().claim("wal", way[0]), way[1]);
                }
            }
            refused(() -> client.scans().start("nobody"), "nobody");
            refused(() -> scan(client, src.toString(), "nobody"), "there is no worker 'nobody'");
            refused(() -> scan(client, src.toString(), "sh /etc/shadow"), "there is no worker 'sh /etc/shadow'");
            refused(() -> client.preallocator().claim("nobody", src + "/x"), "nobody");
            refused(service.ctl("pool", "claim", "wal", directory.resolve("secret")), "is not below a configured root");
            refused(service.ctl("scan", "start", "--digest=md5", src + "/out/secret"), "symbolic link");
            assertThat(service.log()).doesNotContain("scan request");
            assertThat(directory.resolve("secret")).hasContent("secret");
            try (var pool = Files.list(directory.resolve("pool"))) {
                assertThat(pool).hasSize(2);
            }
            var claim = service.ctl("pool", "claim", "wal", src.resolve("mine"));
            assertThat(claim.exitCode()).as(claim.toString()).isZero();
            assertThat(src.resolve("mine")).hasSize(4096);
        }
    }

    @Test
    void keepsResultsThatAreCompleteAndRight() throws Exception {
        RunningService.configure(directory, CONFIGURATION);
        src = directory.resolve("src");
        var random = new Random(1);
        for (int i = 0; i < 40; i++) {
            byte[] bytes = new byte[random.nextInt(1 << 18)];
            random.nextBytes(bytes);
            Files.write(Files.createDirectories(src.resolve("d" + i % 3)).resolve("file " + i), bytes);
        }
        try (var service = RunningService.start(directory)) {
            assertThat(service.ctl("scan", "start", "src").err())
                    .isEqualTo("millrace: started scan src-1; results: " + directory
                            + "/state/results/src.ndjson, once it has finished\n");
            check(service, "src");
            assertThat(service.ctl("scan", "start", "--digest=sha256", src).exitCode())
                    .isZero();
            check(service, "request");
        }
    }

    private void check(RunningService service, String name) throws Exception {
        Path results = directory.resolve("state/results/" + name + ".ndjson");
        service.await("results", () -> Files.exists(results));
        assertThat(sums(results)).containsExactlyInAnyOrderElementsOf(expected());
        var lines = Files.readAllLines(results);
        assertThat(lines).hasSize(41);
        assertThat(lines.get(40)).startsWith("{\"type\":\"summary\",\"files\":40,\"failed\":0,");
    }

    private static List<String> sums(Path results) throws IOException {
        return RESULT.matcher(Files.readString(results))
                .results()
                .map(match -> match.group(2) + "  " + match.group(1))
                .toList();
    }

    private List<String> expected() throws Exception {
        return Command.run("find", src, "-type", "f", "-exec", "sha256sum", "{}", "+")
                .lines()
                .toList();
    }
}
