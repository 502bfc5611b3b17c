// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.files.Roots;
import io.millrace.pagecache.FileResidency;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.telemetry.CacheOperation;
import io.millrace.telemetry.StandIn;
import io.millrace.telemetry.jmx.JmxServer;
import io.millrace.telemetry.metrics.Metrics;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.Undisturbed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What JMX clients have done with single files: real ones, below a real root. */
class FileRequestsIT {
    private static final String RESERVED = "millrace_prealloc_reserved_bytes_total ";

    @TempDir
    Path directory;

    private final Metrics metrics = new Metrics("0.1.0", Map::of);
    private final StandIn service = new StandIn();
    private Path root;
    private Path outside;
    private JmxServer face;
    private ControlClient client;

    @BeforeEach
    void open() throws Exception {
        root = Files.createDirectory(directory.resolve("root"));
        outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("file"), "theirs");
        Files.createSymbolicLink(root.resolve("tree"), outside);
        Files.createSymbolicLink(root.resolve("link"), outside.resolve("file"));
        Files.createSymbolicLink(root.resolve("dangling"), outside.resolve("new"));
        Path run = Files.createDirectory(directory.resolve("run"));
        face = service.below(root, metrics).open(run);
        client = ControlClient.connect(LinuxPosix.create(), ControlClient.credentialIn(BytePath.of(run.toString())));
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        face.close();
        metrics.close();
    }

    private String reserved() throws IOException {
        var out = new ByteArrayOutputStream();
        metrics.write("", out);
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(RESERVED))
                .findFirst()
                .orElseThrow()
                .substring(RESERVED.length());
    }

    @Test
    void reservesANewFileAndCountsIt() throws Exception {
        Path file = root.resolve("new");
        assertThat(client.preallocator().allocate(file.toString(), "1MiB"))
                .matches(file + ": 1\\.0. MiB reserved, native(, \\d+ extents?)?");
        assertThat(Files.size(file)).isEqualTo(1 << 20);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(Files.getAttribute(file, "unix:ino")).isNotNull();
        assertThat(Double.parseDouble(reserved())).isGreaterThanOrEqualTo(1 << 20);
    }

    @Test
    void touchesNothingThatExists() throws Exception {
        Path file = Files.writeString(root.resolve("old"), "keep");
        assertThatThrownBy(() -> client.preallocator().allocate(file.toString(), "1MiB"))
                .isExactlyInstanceOf(IOException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining("EEXIST");
        assertThatThrownBy(() -> client.preallocator().allocate(root + "/link", "1MiB"))
                .hasMessageStartingWith(root + "/link: ");
        assertThatThrownBy(() -> client.preallocator().allocate(root + "/dangling", "1MiB"))
                .hasMessageStartingWith(root + "/dangling: ");
        assertThatThrownBy(() -> client.preallocator().allocate(root + "/sized", "much"))
                .isExactlyInstanceOf(IllegalArgumentException.class);
        assertThat(file).hasContent("keep");
        assertThat(outside.resolve("file")).hasContent("theirs");
        assertThat(outside.resolve("new")).doesNotExist();
        assertThat(reserved()).isEqualTo("0.0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/hostname",
                "ROOT/../outside/file",
                "ROOT/./../outside/file",
                "ROOT/tree/file",
                "ROOT/tree/none",
                "ROOT-beside/file",
                "/proc/self/root/etc/hostname"
            })
    void refusesWhatIsNotBelowTheRoots(String form) {
        String path = form.replace("ROOT", root.toString());
        var cache = client.pageCache();
        assertThatThrownBy(() -> client.preallocator().allocate(path, "1MiB"))
                .isExactlyInstanceOf(IOException.class)
                .message()
                .satisfies(FileRequestsIT::saysWhy);
        for (var request : List.<ControlClient.Question<String>>of(
                asked -> cache.status(path),
                asked -> cache.warm(path),
                asked -> cache.evict(path),
                asked -> asked.scans().startPath(path, "md5", "", "keep", "none"))) {
            assertThatThrownBy(() -> client.ask(request))
                    .isExactlyInstanceOf(IOException.class)
                    .message()
                    .satisfies(FileRequestsIT::saysWhy);
        }
        assertThat(service.told).isEmpty();
        assertThat(outside).isDirectoryContaining("glob:**/file").isDirectoryNotContaining("glob:**/none");
    }

    private static void saysWhy(String message) {
        assertThat(message)
                .hasLineCount(1)
                .matches(".*: (is not below a configured root: .*|leads through a symbolic link|.*\\.\\..*)");
    }

    @Test
    void aLinkAtTheEndIsRefusedToo() {
        assertThatThrownBy(() -> client.pageCache().evict(root + "/link"))
                .hasMessage(root + "/link: leads through a symbolic link");
        assertThatThrownBy(() -> client.pageCache().status(root + "/tree"))
                .hasMessage(root + "/tree: leads through a symbolic link");
    }

    @Test
    void warmsShowsAndEvictsATreeAndLeavesItByNoLink() throws Exception {
        var first =
                CachedFile.random(Files.createDirectories(root.resolve("a/b")).resolve("one"), 2 << 20, 1);
        var second = CachedFile.random(root.resolve("a/two"), 1 << 20, 2);
        Files.createSymbolicLink(root.resolve("a/out"), outside);
        Undisturbed.run(() -> {
            first.evicted();
            second.evicted();
            String tree = root + "/a";
            assertThat(client.pageCache().status(tree)).isEqualTo(tree + ": 2 files, 0 B of 3.00 MiB resident");
            String warm = client.pageCache().warm(tree);
            first.assertKept(2 << 20);
            second.assertKept(1 << 20);
            assertThat(warm).matches(tree + ": 2 files, (2\\.[789]\\d|3\\.00) MiB of 3\\.00 MiB resident");
            assertThat(client.pageCache().evict(tree + "/two")).isEqualTo(tree + "/two: 0 B of 1.00 MiB resident");
            assertThat(second.residentBytes()).isZero();
            String status = client.pageCache().status(tree);
            first.assertKept(2 << 20);
            assertThat(status).matches(tree + ": 2 files, (1\\.[89]\\d|2\\.00) MiB of 3\\.00 MiB resident");
        });
    }

    @Test
    void stopsWhereItTakesTooLongAndSaysSo() throws Exception {
        for (int i = 0; i < 5; i++) {
            CachedFile.random(root.resolve("file" + i), 4096, i);
        }
        Posix posix = LinuxPosix.create();
        BytePath path = BytePath.of(root.toString());
        var roots = new Roots(posix.files(), List.of(path));
        assertThat(CacheOperation.of(posix, roots, path, Duration.ofSeconds(1), (file, isLate) -> {
                    while (!isLate.getAsBoolean()) {
                        LockSupport.parkNanos(1_000_000);
                    }
                    return FileResidency.look(posix, file.traits(), file.fd(), file.status(), 0);
                }))
                .matches(root + ": 1 file, .* of 4.00 KiB resident; stopped after .*");
    }
}
