// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scan.FileResult;
import io.millrace.scan.ScanListener;
import io.millrace.scan.ScanRun;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.testkit.Command;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a scan finds, what it passes over and what it refuses, on real trees. */
class FileWalkIT {
    private Path directory;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("millrace-walk-").toRealPath();
    }

    @AfterEach
    void removeDirectory() throws Exception {
        var unused = Command.run("rm", "-rf", "--", directory); // too deep for Java
    }

    private ScanRun run() {
        return ScanRun.with(DigestAlgorithm.CRC32C);
    }

    private List<String> names(ScanRun run) {
        return run.results().stream()
                .filter(FileResult::isGood)
                .map(result ->
                        directory.relativize(Path.of(result.path().toString())).toString())
                .sorted()
                .toList();
    }

    private Path write(String name) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, name);
    }

    @Test
    void goesDeeperThanAPathMayBeLong() throws Exception {
        String name = "d".repeat(255);
        var unused = Command.run(
                "bash",
                "-c",
                "cd " + directory + " && for i in {1..60}; do mkdir " + name + " && cd -P ./" + name
                        + " 2>/dev/null; echo $i > file; done");
        var run = run();
        var summary = run.of(directory);
        assertThat(run.errors()).isEmpty();
        assertThat(summary.files()).isEqualTo(60);
        assertThat(run.results())
                .extracting(result -> result.path().toBytes().length)
                .contains(directory.toString().length() + 60 * 256 + "/file".length());
    }

    @Test
    void findsEveryFileOfAWideDirectoryOnce() throws Exception {
        for (int i = 0; i < 20_000; i++) {
            Files.createFile(directory.resolve("file-" + i));
        }
        var run = run().parallel(4);
        assertThat(run.of(directory).files()).isEqualTo(20_000);
        assertThat(names(run)).doesNotHaveDuplicates().hasSize(20_000);
    }

    @Test
    void followsLinksThatAreGivenAndNoneBelow() throws Exception {
        write("real/a");
        Path outside = write("outside");
        Files.createSymbolicLink(directory.resolve("real/link"), outside);
        Files.createSymbolicLink(directory.resolve("real/up"), directory);
        Path toFile = Files.createSymbolicLink(directory.resolve("to-file"), outside);
        Path toTree = Files.createSymbolicLink(directory.resolve("to-tree"), directory.resolve("real"));
        var run = run();
        var summary = run.of(toFile, toTree);
        assertThat(names(run)).containsExactly("to-file", "to-tree/a");
        assertThat(summary.skipped()).isEqualTo(new Skipped(2, 0, 0, 0));
        assertThat(summary.isGood()).isTrue();
    }

    @Test
    void namesALinkThatLeadsNowhereOrInACircle() throws Exception {
        Path circle = directory.resolve("circle");
        Files.createSymbolicLink(circle, circle);
        Path nowhere = Files.createSymbolicLink(directory.resolve("nowhere"), directory.resolve("gone"));
        var run = run();
        assertThat(run.of(circle, nowhere).failed()).isEqualTo(2);
        assertThat(run.errors())
                .satisfiesExactly(
                        error -> assertThat(error).startsWith(circle + ": ").endsWith("(ELOOP)"),
                        error -> assertThat(error).startsWith(nowhere + ": ").endsWith("(ENOENT)"));
    }

    @Test
    void refusesSpecialFilesThatAreGivenAndSkipsThemBelow() throws Exception {
        Path fifo = directory.resolve("fifo");
        Path socket = directory.resolve("socket");
        var unused = Command.run("mkfifo", fifo);
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            write("file");
            var below = run();
            var summary = below.of(directory);
            assertThat(names(below)).containsExactly("file");
            assertThat(summary.skipped()).isEqualTo(new Skipped(0, 2, 0, 0));
            assertThat(summary.isGood()).isTrue();

            var given = run();
            assertThat(given.of(fifo, socket, Path.of("/dev/zero")).failed()).isEqualTo(3);
            assertThat(given.errors())
                    .containsExactly(
                            fifo + ": is a FIFO, not a regular file",
                            socket + ": is a socket, not a regular file",
                            "/dev/zero: is a character device, not a regular file");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/self/mem", "/proc/meminfo", "/sys/kernel/uevent_seqnum", "/proc", "/sys/class"})
    void refusesWhatTheKernelMakesUp(String path) throws Exception {
        var run = run();
        var summary = run.of(Path.of(path));
        assertThat(summary.failed()).isEqualTo(1);
        assertThat(summary.bytes()).isZero();
        assertThat(run.errors())
                .singleElement()
                .asString()
                .startsWith(path + ": holds no stored ")
                .containsAnyOf("proc", "sysfs");
    }

    @Test
    void reportsAFileThatVanishedAndOneThatBecameAFifo() throws Exception {
        for (int i = 0; i < 200; i++) {
            write("file-" + i);
        }
        var run = run().parallel(1);
        // A listener hears of the first file after the first run, when the names of all were read already.
        run.tell(new ScanListener() {
            @Override
            public void fileFinished(FileResult result) throws IOException {
                if (run.results().size() == 1) {
                    spoilTwoFilesButNot(Path.of(result.path().toString()));
                }
            }
        });
        var summary = run.of(directory);
        assertThat(summary.files()).isEqualTo(198);
        assertThat(run.errors())
                .hasSize(2)
                .anyMatch(error -> error.endsWith(": open: No such file or directory (ENOENT)"))
                .anyMatch(error -> error.endsWith(": is a FIFO, not a regular file"));
    }

    /** The last ones of the directory, which nobody has taken yet. */
    private void spoilTwoFilesButNot(Path first) throws IOException {
        String listed;
        try {
            listed = Command.run("ls", "-U", directory);
            var names = listed.lines().toList();
            Files.delete(directory.resolve(names.get(names.size() - 2)));
            Path last = directory.resolve(names.get(names.size() - 1));
            assertThat(last).isNotEqualTo(first);
            Files.delete(last);
            var unused = Command.run("mkfifo", last);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void goesOnWhenADirectoryVanishesWhileItIsWalked() throws Exception {
        write("first/a");
        write("gone/b");
        write("gone/deep/c");
        var run = run().parallel(1);
        run.tell(new ScanListener() {
            @Override
            public void fileFinished(FileResult result) throws IOException {
                try {
                    var unused = Command.run("rm", "-rf", directory.resolve("gone"));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        var summary = run.of(directory.resolve("first"), directory.resolve("gone"), directory.resolve("first"));
        assertThat(names(run)).contains("first/a");
        assertThat(run.errors()).allMatch(error -> error.contains("(ENOENT)"));
        assertThat(summary.files() + summary.failed()).isEqualTo(run.results().size());
    }
}
