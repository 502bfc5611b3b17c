// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.files.Roots;
import io.millrace.lifecycle.CancellationToken;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.scan.FileResult;
import io.millrace.scan.ScanRun;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.job.SizeCounter;
import io.millrace.scan.throttle.RateLimiter;
import io.millrace.scan.throttle.ReadGate;
import io.millrace.testkit.FaultyPosix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That a walk within roots reads what is in them, and nothing else, whatever is named and swapped. */
class WalkWithinRootsIT {
    private static final Posix POSIX = LinuxPosix.create();

    @TempDir
    Path directory;

    private Path root;
    private Path outside;
    private Roots roots;

    @BeforeEach
    void makeTrees() throws IOException {
        root = Files.createDirectory(directory.toRealPath().resolve("root"));
        outside = Files.createDirectory(directory.toRealPath().resolve("outside"));
        Files.createDirectories(root.resolve("tree/deep"));
        Files.createDirectories(outside.resolve("deep"));
        for (Path tree : List.of(root.resolve("tree"), outside)) {
            Files.writeString(tree.resolve("file"), tree.toString());
            Files.writeString(tree.resolve("deep/file"), tree + "/deep");
        }
        roots = new Roots(POSIX.files(), List.of(BytePath.of(root.toString())));
    }

    private ScanRun run(Posix posix) {
        return ScanRun.with(DigestAlgorithm.CRC32C)
                .over(posix)
                .walking(plain -> new WalkSpec(plain.paths(), Optional.of(roots), plain.filter(), plain.order()));
    }

    private static List<String> goodPaths(ScanRun run) {
        return run.results().stream()
                .filter(FileResult::isGood)
                .map(result -> result.path().toString())
                .toList();
    }

    @Test
    void readsFilesAndTreesAndOpensNothingByItsWholeName() throws Exception {
        var faulty = new FaultyPosix(POSIX); // the roots have calls of their own
        var opens = faulty.fail("open", Errno.EIO);
        var run = run(faulty.posix());
        var summary = run.of(root.resolve("tree/file"), root.resolve("tree"), root);
        assertThat(run.errors()).isEmpty();
        assertThat(summary.files()).isEqualTo(5);
        assertThat(goodPaths(run))
                .containsOnly(root + "/tree/file", root + "/tree/deep/file")
                .startsWith(root + "/tree/file");
        assertThat(opens.injected()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/outside",
                "/outside/file",
                "/root/../outside/file",
                "/root/tree/../../outside/file",
                "/root/link/file",
                "/root/link",
                "/root/link/",
                "/root/tree/to-file",
                "/root/tree/to-inside",
                "/rootless",
                "/root/gone"
            })
    void refusesWhatIsElsewhereAndGoesOn(String named) throws Exception {
        Files.createSymbolicLink(root.resolve("link"), outside);
        Files.createSymbolicLink(root.resolve("tree/to-file"), outside.resolve("file"));
        Files.createSymbolicLink(root.resolve("tree/to-inside"), Path.of("file"));
        Files.createDirectory(directory.resolve("rootless"));
        BytePath bad = BytePath.of(root.getParent() + named);
        BytePath good = BytePath.of(root.resolve("tree/file").toString());
        var run = run(POSIX).walking(plain -> within(List.of(bad, good).iterator()));
        var summary = run.of();
        assertThat(summary.failed()).isEqualTo(1);
        assertThat(run.errors())
                .singleElement()
                .asString()
                .startsWith(bad + ": ")
                .doesNotContain("\n");
        assertThat(goodPaths(run)).as("that behind it").containsExactly(good.toString());
    }

    private WalkSpec within(Iterator<BytePath> paths) {
        return new WalkSpec(paths, Optional.of(roots), FileFilter.ALL, FileOrder.DIRECTORY);
    }

    @Test
    void refusesARelativePath() throws Exception {
        var run =
                run(POSIX).walking(plain -> within(List.of(BytePath.of("root")).iterator()));
        assertThat(run.of().failed()).isEqualTo(1);
        assertThat(run.errors()).containsExactly("root: is not an absolute path");
    }

    @Test
    void countsNoMoreThanItWouldRead() {
        var sizeCounter = new SizeCounter(
                POSIX,
                within(List.of(
                                BytePath.of(root.resolve("tree/file").toString()),
                                BytePath.of(outside.toString()),
                                BytePath.of(root.toString()))
                        .iterator()),
                Long.MAX_VALUE,
                ReadGate.of(new RateLimiter(RateLimiter.UNLIMITED)));
        sizeCounter.count();
        int tree = root.resolve("tree").toString().length();
        assertThat(sizeCounter.totalBytes().getAsLong()).isEqualTo(tree + tree + tree + "/deep".length());
    }

    /** A directory and a link to one outside take turns under the same name, as fast as that goes. */
    @Test
    void neverReadsOutsideWhileLinksAreSwapped() throws Exception {
        var over = new AtomicBoolean();
        var failure = new ArrayList<Throwable>();
        var swapping = new Thread(() -> {
            try {
                while (!over.get()) {
                    swap();
                }
            } catch (IOException e) {
                failure.add(e);
            }
        });
        long inside = POSIX.files().status(BytePath.of(root + "/tree/file")).inode();
        long deep = POSIX.files().status(BytePath.of(root + "/tree/deep/file")).inode();
        swapping.start();
        var outcome = new Outcome();
        try {
            for (int i = 0; i < 2_000; i++) {
                var paths = List.of(BytePath.of(root + "/tree/file"), BytePath.of(root + "/tree"));
                new FileVisitor(POSIX, new CancellationToken())
                        .visit(within(paths.iterator()), file -> file.status().inode(), outcome);
            }
        } finally {
            over.set(true);
            swapping.join();
        }
        assertThat(failure).isEmpty();
        assertThat(outcome.seen).isNotEmpty().allMatch(inode -> inode == inside || inode == deep);
        assertThat(outcome.failed).as("times that a link was in the way").isPositive();
    }

    private void swap() throws IOException {
        Path tree = root.resolve("tree");
        Path aside = directory.resolve("aside");
        Files.move(tree, aside, StandardCopyOption.ATOMIC_MOVE);
        Files.createSymbolicLink(tree, outside);
        Files.delete(tree);
        Files.move(aside, tree, StandardCopyOption.ATOMIC_MOVE);
    }

    private static final class Outcome implements FileVisitor.Report<Long> {
        private final List<Long> seen = new ArrayList<>();
        private long failed;

        @Override
        public void done(BytePath path, Long inode) {
            seen.add(inode);
        }

        @Override
        public void failed(BytePath path, String error) {
            failed++;
        }
    }
}
