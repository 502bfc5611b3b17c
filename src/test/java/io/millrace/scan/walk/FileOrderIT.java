// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.scan.ScanRun;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.testkit.Command;
import io.millrace.testkit.FaultyPosix;
import io.millrace.testkit.HostileNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In which order files are found, and which are passed over, on real trees. */
class FileOrderIT {
    private static final Posix POSIX = LinuxPosix.create();
    private static final BooleanSupplier NEVER = () -> false;

    @TempDir
    Path directory;

    private static WalkSpec walk(Path path, FileFilter filter, FileOrder order) {
        var paths = List.of(BytePath.of(path.toString())).iterator();
        return new WalkSpec(paths, Optional.empty(), filter, order);
    }

    /** Paths below the given one, display form, errors in their place. */
    private static List<String> found(Path path, FileOrder order, int maxSorted) {
        var names = new ArrayList<String>();
        try (var walk = new FileWalk(POSIX, walk(path, FileFilter.ALL, order), NEVER, maxSorted)) {
            for (WalkEntry found = walk.next(); found != null; found = walk.next()) {
                assertThat(found.sequence()).isEqualTo(names.size());
                names.add(found.path().toString().substring(path.toString().length() + 1));
                found.release();
            }
        }
        return names;
    }

    private static List<String> found(Path path, FileOrder order) {
        return found(path, order, FileOrder.MAX_SORTED);
    }

    private Path write(String name, int bytes) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, new byte[bytes]);
    }

    private static List<String> sorted(HostileNames names, Comparator<byte[]> by) {
        return names.names().stream().sorted(by).map(BytePath::display).toList();
    }

    private static long ask(HostileNames names, byte[] name, String format) {
        try {
            var path = BytePath.of(names.directory().toString()).resolve(name);
            var status = POSIX.files().status(path);
            return format.equals("inode") ? status.inode() : status.sizeBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void sortsHostileNamesByTheirBytes() throws Exception {
        try (var names = new HostileNames()) {
            assertThat(found(names.directory(), FileOrder.NAME))
                    .containsExactlyElementsOf(sorted(names, Arrays::compareUnsigned));
        }
    }

    @Test
    void sortsHostileNamesByTheirInodes() throws Exception {
        try (var names = new HostileNames()) {
            assertThat(found(names.directory(), FileOrder.INODE))
                    .containsExactlyElementsOf(
                            sorted(names, Comparator.comparingLong(name -> ask(names, name, "inode"))));
        }
    }

    @Test
    void sortsHostileNamesByTheirSizesAndThenByTheirBytes() throws Exception {
        try (var names = new HostileNames()) {
            Comparator<byte[]> bySize = Comparator.comparingLong(name -> -ask(names, name, "size"));
            assertThat(found(names.directory(), FileOrder.SIZE))
                    .containsExactlyElementsOf(sorted(names, bySize.thenComparing(Arrays::compareUnsigned)));
        }
    }

    @Test
    void sortsByTimeToTheNanosecond() throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        Map<String, Long> times = new HashMap<>();
        for (int i = 0; i < 200; i++) {
            long nanos =
                    1_600_000_000_000_000_000L + random.nextInt(5) * 1_000_000_000L + random.nextInt(1_000_000_000);
            Path file = write("f" + i, 0);
            var unused =
                    Files.setLastModifiedTime(file, FileTime.from(nanos, java.util.concurrent.TimeUnit.NANOSECONDS));
            times.put("f" + i, nanos);
        }
        var unused = Files.setLastModifiedTime(write("before-1970", 0), FileTime.fromMillis(-5_000_000));
        times.put("before-1970", -5_000_000_000_000L);
        assertThat(found(directory, FileOrder.OLDEST))
                .as("seed %d", seed)
                .hasSize(201)
                .isSortedAccordingTo(Comparator.comparing(times::get));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NAME")
    void finishesEachDirectoryBeforeThoseBelow(FileOrder order) throws Exception {
        for (String name : List.of("m", "b/m", "b/c/m", "a/m", "z", "a/z", "b/a")) {
            write(name, name.length());
        }
        List<String> found = found(directory, order);
        assertThat(found).containsExactlyInAnyOrder("m", "z", "a/m", "a/z", "b/m", "b/a", "b/c/m");
        assertThat(found.subList(0, 2)).containsExactlyInAnyOrder("m", "z");
        if (order == FileOrder.SIZE) {
            assertThat(found.subList(2, 7)).containsExactly("a/m", "a/z", "b/a", "b/m", "b/c/m");
        }
    }

    @Test
    void keepsToTheDirectorysOwnOrderUnlessToldOtherwise() throws Exception {
        for (int i = 0; i < 3_000; i++) {
            write("file-" + i, 0);
        }
        assertThat(found(directory, FileOrder.DIRECTORY))
                .containsExactlyElementsOf(
                        Command.run("ls", "-U", directory).lines().toList());
    }

    @Test
    void sortsInPiecesWhereADirectoryIsTooBig() throws Exception {
        for (int i = 0; i < 5_000; i++) {
            write("file-" + i, 0);
        }
        for (int i = 0; i < 50; i++) {
            write("sub-" + i + "/inner", 0);
        }
        List<String> found = found(directory, FileOrder.SIZE, 1_500);
        assertThat(found).hasSize(5_050).doesNotHaveDuplicates();
        List<String> files =
                found.stream().filter(name -> name.startsWith("file-")).toList();
        long falls = java.util.stream.IntStream.range(1, files.size())
                .filter(i -> files.get(i - 1).compareTo(files.get(i)) > 0)
                .count();
        assertThat(falls).as("boundaries between pieces").isBetween(1L, 3L);
    }

    private static final String[] ODD = {"a", "a-b", "a.txt", "ab", "A", "b", " ", "\u00e9", "~", "-", "a\n", "a!", "a0"
    };

    private void grow(Path below, Random random, int depth) throws IOException {
        for (int i = random.nextInt(10); i >= 0; i--) {
            String name = ODD[random.nextInt(ODD.length)] + (random.nextInt(3) == 0 ? "-" + random.nextInt(20) : "");
            Path path = below.resolve(name);
            if (!Files.exists(path) && depth < 4 && random.nextInt(3) == 0) {
                grow(Files.createDirectory(path), random, depth + 1);
            } else if (!Files.exists(path)) {
                Files.createFile(path);
            }
        }
    }

    /** As sort(1) has them, also where hardly any entry has room; and each entry that is passed over counts once. */
    @Test
    void byNameIsOneOrderOfAllPaths() throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            Path tree = Files.createDirectory(directory.resolve("tree-" + round));
            grow(tree, random, 0);
            Files.createSymbolicLink(tree.resolve("link"), Path.of("a"));
            var expected = Command.run(
                            "bash", "-c", "cd " + tree + "; find . -type f -printf '%P\\0' | LC_ALL=C sort -z")
                    .split("\0");
            for (int maxNames : new int[] {1, 2, 5, 1 + random.nextInt(30), FileOrder.MAX_NAMES}) {
                var names = new ArrayList<String>();
                try (var walk = new FileWalk(POSIX, walk(tree, FileFilter.ALL, FileOrder.NAME), NEVER, maxNames)) {
                    for (WalkEntry found = walk.next(); found != null; found = walk.next()) {
                        byte[] path = found.path().toBytes();
                        int start = tree.toString().length() + 1;
                        names.add(new String(path, start, path.length - start, StandardCharsets.UTF_8));
                        found.release();
                    }
                    assertThat(names).as("seed %d, %d names", seed, maxNames).containsExactly(expected);
                    assertThat(walk.skipped()).isEqualTo(new Skipped(1, 0, 0, 0));
                }
            }
        }
    }

    @Test
    void listsABigDirectorySeveralTimesByName() throws Exception {
        for (int i = 0; i < 3_000; i++) {
            write("file-" + i, 0);
        }
        List<String> found = found(directory, FileOrder.NAME, 700);
        assertThat(found).hasSize(3_000).isSorted();
    }

    @Test
    void countsWhatItLeavesOutAndEntersNoExcludedDirectory() throws Exception {
        write("a.zst", 10);
        write("a.tmp", 10);
        write("deep/b.zst", 10);
        write("cache/c.zst", 10);
        write("cache/more/d.zst", 10);
        var faulty = new FaultyPosix(POSIX);
        var entered = faulty.fail("openAt", Errno.EIO).on("cache");
        var filter = new FileFilter(List.of("*.zst"), List.of("cache/"));
        var run = ScanRun.with(DigestAlgorithm.CRC32C)
                .over(faulty.posix())
                .walking(plain -> new WalkSpec(plain.paths(), plain.within(), filter, FileOrder.NAME));
        var summary = run.of(directory);
        assertThat(run.errors()).isEmpty();
        assertThat(run.results())
                .extracting(result -> result.path().toString())
                .containsExactly(directory + "/a.zst", directory + "/deep/b.zst");
        assertThat(summary.skipped()).as("a.tmp and cache").isEqualTo(new Skipped(0, 0, 2, 0));
        assertThat(summary.isGood()).isTrue();
        assertThat(entered.injected()).isZero();
    }

    @Test
    void readsAFileThatIsGivenAsSuchWhateverTheFilter() throws Exception {
        Path file = write("a.tmp", 10);
        var filter = new FileFilter(List.of("*.zst"), List.of("*.tmp"));
        var run = ScanRun.with(DigestAlgorithm.CRC32C)
                .walking(plain -> new WalkSpec(plain.paths(), plain.within(), filter, FileOrder.SIZE));
        assertThat(run.of(file).files()).isEqualTo(1);
    }

    @Test
    void matchesPathsBelowTheGivenOneHoweverItIsWritten() throws Exception {
        write("x/a", 1);
        write("x/x/a", 1);
        var filter = new FileFilter(List.of("x/a"), List.of());
        for (String given : List.of(directory.toString(), directory + "/", directory + "//")) {
            var paths = List.of(BytePath.of(given)).iterator();
            var where = new WalkSpec(paths, Optional.empty(), filter, FileOrder.DIRECTORY);
            try (var walk = new FileWalk(POSIX, where, NEVER)) {
                WalkEntry found = walk.next();
                assertThat(found.path().toString()).endsWith("/x/a").doesNotEndWith("/x/x/a");
                found.release();
                assertThat(walk.next()).isNull();
            }
        }
    }

    @Test
    void readsWhatItHadListedWhenTheRankOfOneCannotBeHad() throws Exception {
        write("good", 1);
        write("odd", 2);
        var faulty = new FaultyPosix(POSIX);
        var fault = faulty.fail("statusAt", Errno.EIO).on("odd");
        var run = ScanRun.with(DigestAlgorithm.CRC32C)
                .over(faulty.posix())
                .walking(plain -> new WalkSpec(plain.paths(), plain.within(), plain.filter(), FileOrder.SIZE));
        assertThat(run.of(directory).files()).isEqualTo(2);
        assertThat(fault.injected()).isEqualTo(1);
    }

    @Test
    void stopsInTheMidstOfADirectoryOfWhichItWantsNothing() throws Exception {
        for (int i = 0; i < 3_000; i++) {
            write("file-" + i, 0);
        }
        var asked = new AtomicInteger();
        var filter = new FileFilter(List.of("*.zst"), List.of());
        try (var walk =
                new FileWalk(POSIX, walk(directory, filter, FileOrder.OLDEST), () -> asked.incrementAndGet() > 2)) {
            assertThat(walk.next()).isNull();
            assertThat(walk.skipped().total()).isBetween(1L, 2_999L);
        }
    }
}
