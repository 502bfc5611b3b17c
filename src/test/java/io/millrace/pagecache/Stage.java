// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.PageCalls.Advice;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.linux.LinuxPosix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Random;
import java.util.Set;

/** Sets files up for a test of the page cache: their content, what of it is cold and what is hot. */
final class Stage {
    static final int PAGE_BYTES = 4096;
    static final Posix POSIX = LinuxPosix.create();
    private static final int MEBIBYTE = 1 << 20;

    private Stage() {}

    static OwnedFd open(Path file) throws IOException {
        return POSIX.files().open(BytePath.of(file.toString()), Set.of(OpenFlag.READ_ONLY));
    }

    /** Random bytes, no two mebibytes alike, written to the device and then dropped from the page cache. */
    static Path write(Path file, long bytes, Random random) throws IOException {
        byte[] block = new byte[MEBIBYTE];
        random.nextBytes(block);
        try (var out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long at = 0; at < bytes; at += block.length) {
                var piece = ByteBuffer.wrap(block);
                piece.putLong(0, at ^ random.nextLong());
                piece.limit((int) Math.min(block.length, bytes - at));
                while (piece.hasRemaining()) {
                    int unused = out.write(piece);
                }
            }
            out.force(true);
        }
        evict(file);
        return file;
    }

    /** A sparse file with data in these pages and in its last one, which is added to them. */
    static Path writePages(Path file, int pages, BitSet written) throws IOException {
        try (var out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int page = written.nextSetBit(0); page >= 0; page = written.nextSetBit(page + 1)) {
                int unused = out.write(ByteBuffer.allocate(PAGE_BYTES), (long) page * PAGE_BYTES);
            }
            if (!written.get(pages - 1)) {
                int unused = out.write(ByteBuffer.allocate(1), (long) pages * PAGE_BYTES - 1);
                written.set(pages - 1);
            }
        }
        return file;
    }

    static void evict(Path file) throws IOException {
        try (var fd = open(file)) {
            POSIX.files().fdatasync(fd);
            POSIX.pages().fadvise(fd, new ByteRange(0, 0), Advice.DONTNEED);
        }
    }

    /** Reads these pages, and by RANDOM no others. */
    static void heat(Path file, BitSet pages) throws IOException {
        try (var fd = open(file);
                var buffer = NativeBuffer.allocate(MEBIBYTE)) {
            POSIX.pages().fadvise(fd, new ByteRange(0, 0), Advice.RANDOM);
            int start = pages.nextSetBit(0);
            while (start >= 0) {
                int end = Math.min(pages.nextClearBit(start), start + MEBIBYTE / PAGE_BYTES);
                var run = ByteRange.between((long) start * PAGE_BYTES, (long) end * PAGE_BYTES);
                int unused = POSIX.io().pread(fd, buffer, run);
                start = pages.nextSetBit(end);
            }
        }
    }

    /** Runs of 1 to 64 pages with gaps of 1 to 256 all over the file, and its third quarter as a whole. */
    static BitSet scatteredAndAQuarter(int pages, Random random) {
        var hot = new BitSet(pages);
        int at = random.nextInt(256);
        while (at < pages) {
            int length = 1 + random.nextInt(64);
            hot.set(at, Math.min(at + length, pages));
            at += length + 1 + random.nextInt(256);
        }
        hot.set(pages / 2, pages / 4 * 3);
        return hot;
    }
}
