// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.libc.Errno;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.FaultyPosix;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparseMapIT {
    private static final int BLOCK_BYTES = 64 << 10;
    private static final int ROUNDS = 40;

    @TempDir
    private Path directory;

    @Test
    void followsDataAndHolesOfRandomFiles() throws IOException {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            int blocks = 1 + random.nextInt(40);
            long size = (long) blocks * BLOCK_BYTES - random.nextInt(BLOCK_BYTES);
            var written = new BitSet(blocks);
            Path file = directory.resolve("sparse" + round);
            try (var out = new RandomAccessFile(file.toFile(), "rw")) {
                for (int block = 0; block < blocks; block++) {
                    if (random.nextInt(3) == 0) {
                        written.set(block);
                        out.seek((long) block * BLOCK_BYTES);
                        out.write(new byte[(int) Math.min(BLOCK_BYTES, size - (long) block * BLOCK_BYTES)]);
                    }
                }
                out.setLength(size);
                out.getFD().sync();
            }
            follows(file, size, written, "seed " + seed + ", round " + round);
        }
    }

    /** From segment to segment, no gap, and every block where the model has it. */
    private static void follows(Path file, long size, BitSet written, String which) throws IOException {
        try (var fd = Stage.open(file)) {
            var holes = new SparseMap(Stage.POSIX, fd, Stage.POSIX.files().status(fd));
            long at = 0;
            while (at < size) {
                var segment = holes.at(at);
                assertThat(segment.contains(at)).as(which).isTrue();
                assertThat(segment.range().endBytes()).as(which).isBetween(at + 1, size);
                for (long offset = at; offset < segment.range().endBytes(); offset += BLOCK_BYTES) {
                    assertThat(segment.isHole()).as(which + " at " + offset).isEqualTo(!written.get((int)
                            (offset / BLOCK_BYTES)));
                }
                at = segment.range().endBytes();
            }
            long inside = size / 2; // any order is allowed
            assertThat(holes.at(inside).isHole()).as(which).isEqualTo(!written.get((int) (inside / BLOCK_BYTES)));
        }
    }

    @Test
    void takesAllForDataWhereTheFileSystemCannotTell() throws IOException {
        var faulty = new FaultyPosix(LinuxPosix.create());
        var fault = faulty.fail("seekData", Errno.EINVAL);
        Path file = directory.resolve("sparse");
        try (var out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(10_000_000);
        }
        try (var fd = Stage.open(file)) {
            var holes = new SparseMap(faulty.posix(), fd, faulty.posix().files().status(fd));
            assertThat(holes.at(5_000_000).isHole()).isFalse();
            assertThat(holes.at(0).range().endBytes()).isEqualTo(10_000_000);
        }
        assertThat(fault.injected()).isEqualTo(1);
    }
}
