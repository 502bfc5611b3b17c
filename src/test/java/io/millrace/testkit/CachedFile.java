// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import io.millrace.posix.PageCalls.Advice;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.linux.LinuxPosix;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;

/** A file of a test and its pages in the page cache. */
public record CachedFile(Path path) {
    private static final Posix POSIX = LinuxPosix.create();
    private static final int PIECE_BYTES = 1 << 20;

    /** A new file of seeded random bytes, warm and on the device. */
    public static CachedFile random(Path path, long lengthBytes, long seed) throws IOException {
        var random = new Random(seed);
        byte[] piece = new byte[PIECE_BYTES];
        try (var out = Files.newOutputStream(path)) {
            for (long left = lengthBytes; left > 0; left -= PIECE_BYTES) {
                random.nextBytes(piece);
                out.write(piece, 0, (int) Math.min(left, PIECE_BYTES));
            }
        }
        var file = new CachedFile(path);
        try (var fd = file.open(OpenFlag.READ_WRITE)) {
            POSIX.files().fsync(fd);
        }
        return file;
    }

    /** A new file that is a hole, but for a mebibyte of random bytes at each of the offsets. */
    public static CachedFile sparse(Path path, long lengthBytes, long seed, long... offsets) throws IOException {
        var random = new Random(seed);
        byte[] piece = new byte[PIECE_BYTES];
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(lengthBytes);
            for (long offset : offsets) {
                random.nextBytes(piece);
                file.seek(offset);
                file.write(piece);
            }
            file.getFD().sync();
        }
        return new CachedFile(path);
    }

    private OwnedFd open(OpenFlag flag) throws IOException {
        return POSIX.files().open(BytePath.of(path.toString()), Set.of(flag));
    }

    /** Makes all of it cold. Skips the test where its file system keeps its pages. */
    public CachedFile evicted() throws IOException {
        try (var fd = open(OpenFlag.READ_ONLY)) {
            POSIX.pages().fadvise(fd, new ByteRange(0, 0), Advice.DONTNEED);
        }
        Assumptions.assumeTrue(residentBytes() == 0, () -> path + " lies where pages are not dropped: tmpfs?");
        return this;
    }

    /** The same once readahead has come to rest: twice the same, a tenth of a second apart. */
    public long settledBytes() throws IOException, InterruptedException {
        long before = -1;
        long now = residentBytes();
        for (int i = 0; i < 50 && now != before; i++) {
            Thread.sleep(100);
            before = now;
            now = residentBytes();
        }
        return now;
    }

    /** Fails unless about so many are still resident: call this in {@link Undisturbed#run}. */
    public void assertKept(long bytes) throws IOException {
        PageProbe.assertKept(bytes, residentBytes());
    }

    /** What mincore(2) says, in whole pages. */
    public long residentBytes() throws IOException {
        int pageBytes = POSIX.pages().pageBytes();
        long size = Files.size(path);
        long resident = 0;
        try (var fd = open(OpenFlag.READ_ONLY);
                var vector = NativeBuffer.allocate(PIECE_BYTES)) {
            for (long at = 0; at < size; at += (long) PIECE_BYTES * pageBytes) {
                var range = ByteRange.between(at, Math.min(size, at + (long) PIECE_BYTES * pageBytes));
                try (var map = POSIX.pages().mmap(fd, range)) {
                    POSIX.pages().mincore(map, vector);
                }
                var seen = vector.first((int) ((range.lengthBytes() + pageBytes - 1) / pageBytes));
                while (seen.hasRemaining()) {
                    resident += seen.get() & 1;
                }
            }
        }
        return resident * pageBytes;
    }
}
