// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.lifecycle.CancellationToken;
import io.millrace.pagecache.CachePolicy;
import io.millrace.pagecache.FileResidency;
import io.millrace.pagecache.ReadPlan;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.job.SizeCounter;
import io.millrace.scan.stream.FileStreamer;
import io.millrace.scan.throttle.RateLimiter;
import io.millrace.scan.walk.FileVisitor;
import io.millrace.scan.walk.WalkSpec;
import io.millrace.testkit.Amount;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import io.millrace.units.ByteSize;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Files of any size, with data in any places, dated in any year, and ranges of them, against what was written there. A quarter of
 * {@code millrace.sizes.rounds} on each file system.
 */
@Timeout(1800)
class SizesAndRangesIT {
    private static final Posix POSIX = LinuxPosix.create();
    private static final int ROUNDS = Amount.of("millrace.sizes.rounds", 40, 160, 4_000) / 4;
    private static final int MAX_READ_BYTES = 12 << 20;

    @TempDir
    private Path directory;

    private long seed = Long.getLong("millrace.sizes.seed", System.nanoTime());
    private final Random random = new Random(seed);

    /** A sparse file: its size, and the data by offset. */
    private record Content(long size, TreeMap<Long, byte[]> data) {
        /** What a range of it reads as. */
        byte[] read(long start, long end) {
            byte[] bytes = new byte[(int) (end - start)];
            data.forEach((at, piece) -> {
                long from = Math.max(start, at);
                long to = Math.min(end, at + piece.length);
                if (from < to) {
                    System.arraycopy(piece, (int) (from - at), bytes, (int) (from - start), (int) (to - from));
                }
            });
            return bytes;
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EXT4", "XFS", "BTRFS", "TMPFS"})
    void readsAsWritten(Kind kind) throws Exception {
        try (var mount = LoopMount.of(kind, 400)) {
            long largest = largest(mount.directory());
            for (int round = 0; round < ROUNDS; round++) {
                String what = kind + ", round " + round + " of seed " + seed;
                Path file = mount.directory().resolve("file" + round % 3);
                Files.deleteIfExists(file);
                Content content = write(file, largest);
                date(file);
                try {
                    check(what, file, content);
                } catch (IOException | RuntimeException e) {
                    throw new AssertionError(what + ", " + content.size() + " bytes", e);
                }
            }
            countsDirectoriesOfThem(mount.directory());
        }
    }

    /** At the end of the largest file there is: tmpfs says that no data is there, and no file system lets it be mapped. */
    @ParameterizedTest
    @EnumSource(names = {"XFS", "BTRFS", "TMPFS"})
    void readsTheLastPageBefore2To63(Kind kind) throws Exception {
        try (var mount = LoopMount.of(kind, 400)) {
            Path file = mount.directory().resolve("file");
            var data = new TreeMap<Long, byte[]>();
            long size = largest(mount.directory());
            try (var out = new RandomAccessFile(file.toFile(), "rw")) {
                out.setLength(size);
                for (long at : new long[] {size - 100, size - 40_000}) {
                    byte[] piece = new byte[100];
                    random.nextBytes(piece);
                    out.seek(at);
                    out.write(piece);
                    data.put(at, piece);
                }
            }
            var content = new Content(size, data);
            var path = BytePath.of(file.toString());
            for (long before : new long[] {50, 4_000, 9_000, 60_000, 11 << 20}) {
                assertThat(cat(path, ByteRange.between(size - before, size)))
                        .as(kind + ", the last " + before + " bytes")
                        .isEqualTo(content.read(size - before, size));
            }
            looksAt(kind.toString(), path, size);
        }
    }

    private static long largest(Path directory) throws IOException {
        for (long size = Long.MAX_VALUE; ; size = size / 2 + 1) {
            try (var file = new RandomAccessFile(directory.resolve("largest").toFile(), "rw")) {
                file.setLength(size);
                return size;
            } catch (IOException e) {
                if (size < 1 << 30) {
                    throw e;
                }
            } finally {
                Files.delete(directory.resolve("largest"));
            }
        }
    }

    private Content write(Path file, long largest) throws IOException {
        long size = Math.max(0, Math.min(largest, edge(largest) + random.nextInt(5) - 2));
        var data = new TreeMap<Long, byte[]>();
        try (var out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(size);
            int pieces = size == 0 ? 0 : random.nextInt(4);
            for (int i = 0; i < pieces; i++) {
                long at = Math.min(size - 1, Math.max(0, edge(size) - random.nextInt(9000)));
                byte[] piece = new byte[(int) Math.min(size - at, 1 + random.nextInt(200_000))];
                random.nextBytes(piece);
                if (overlaps(data, at, piece.length)) {
                    continue;
                }
                out.seek(at);
                out.write(piece);
                data.put(at, piece);
            }
        }
        return new Content(size, data);
    }

    private static boolean overlaps(TreeMap<Long, byte[]> data, long at, int length) {
        var before = data.floorEntry(at);
        var after = data.ceilingKey(at);
        return before != null && before.getKey() + before.getValue().length > at
                || after != null && after - at < length;
    }

    /** A number at which something changes, {@code largest} at most. */
    private long edge(long largest) {
        long[] edges = {
            0,
            1,
            4096,
            128 << 10,
            1 << 20,
            2 << 20,
            4 << 20,
            8 << 20,
            32 << 20,
            40 << 20,
            1L << 31,
            1L << 32,
            1L << 44,
            largest / 2,
            largest - (32 << 20),
            largest - (8 << 20),
            largest - 4096,
            largest
        };
        long edge = edges[random.nextInt(edges.length)];
        return Math.max(0, Math.min(edge, largest));
    }

    private void date(Path file) throws IOException {
        int[] years = {1902, 1969, 1970, 2026, 2038, 2262, 2300, 2440};
        Files.setLastModifiedTime(
                file, FileTime.from(Instant.parse(years[random.nextInt(years.length)] + "-04-12T01:02:03.123456789Z")));
    }

    private void check(String what, Path file, Content content) throws Exception {
        var path = BytePath.of(file.toString());
        assertThat(POSIX.files().status(path).sizeBytes()).as(what).isEqualTo(content.size());
        for (int i = 0; i < 3; i++) {
            long start = Math.min(content.size(), Math.max(0, edge(content.size()) - random.nextInt(20_000)));
            long length =
                    Math.min(random.nextInt(4) == 0 ? MAX_READ_BYTES : random.nextInt(40_000), Long.MAX_VALUE - start);
            long end = Math.min(content.size(), ByteRange.endOf(start, length));
            byte[] expected = content.read(start, end);
            assertThat(Arrays.equals(cat(path, new ByteRange(start, length)), expected))
                    .as("%s: cat --range %d:%d of %d bytes", what, start, length, content.size())
                    .isTrue();
        }
        if (content.size() <= 64 << 20) {
            byte[] all = content.read(0, content.size());
            assertThat(Arrays.equals(cat(path, new ByteRange(0, content.size())), all))
                    .as(what)
                    .isTrue();
            if (all.length <= MAX_READ_BYTES) {
                digests(what, file, all);
            }
        }
        looksAt(what, path, content.size());
    }

    private static void digests(String what, Path file, byte[] content) throws Exception {
        var run = ScanRun.with(DigestAlgorithm.SHA256);
        var summary = run.of(file);
        assertThat(run.errors()).as(what).isEmpty();
        assertThat(run.result().digests().get(DigestAlgorithm.SHA256))
                .as(what)
                .isEqualTo(MessageDigest.getInstance("SHA-256").digest(content));
        assertThat(summary.bytes()).as(what).isEqualTo(content.length);
    }

    private byte[] cat(BytePath path, ByteRange range) throws Exception {
        Path out = directory.resolve("out");
        Files.deleteIfExists(out);
        var policy = random.nextBoolean() ? CachePolicy.NEUTRAL : CachePolicy.DROP;
        try (var fd = POSIX.files()
                        .create(
                                BytePath.of(out.toString()),
                                Set.of(OpenFlag.READ_WRITE, OpenFlag.CREATE, OpenFlag.EXCLUSIVE),
                                0600);
                var streamer = new FileStreamer(
                        POSIX,
                        fd,
                        ReadPlan.Wish.of(policy),
                        new RateLimiter(RateLimiter.UNLIMITED),
                        new CancellationToken())) {
            long unused = streamer.send(path, Optional.of(range));
        }
        return Files.readAllBytes(out);
    }

    private static void looksAt(String what, BytePath path, long size) throws IOException {
        var seen = new ArrayList<FileResidency>();
        new FileVisitor(POSIX, new CancellationToken())
                .visit(
                        List.of(path).iterator(),
                        file -> FileResidency.look(POSIX, file.traits(), file.fd(), file.status(), 20),
                        new FileVisitor.Report<FileResidency>() {
                            @Override
                            public void done(BytePath at, FileResidency result) {
                                seen.add(result);
                            }

                            @Override
                            public void failed(BytePath at, String error) {
                                throw new AssertionError(what + ": " + error);
                            }
                        });
        assertThat(seen).as(what).hasSize(1).allMatch(now -> now.sizeBytes() == size);
        assertThat(seen.get(0).residentBytes().orElse(0)).as(what).isBetween(0L, size);
    }

    /** Of which three have more bytes together than a long can count. */
    private static void countsDirectoriesOfThem(Path directory) {
        var census = new SizeCounter(
                POSIX, WalkSpec.of(List.of(BytePath.of(directory.toString())).iterator()));
        census.count();
        long expected = 0;
        for (int i = 0; i < 3; i++) {
            expected = ByteSize.sum(
                    expected, directory.resolve("file" + i).toFile().length());
        }
        assertThat(census.totalBytes()).hasValue(expected);
    }
}
