// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.libc.ByteRange;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.Command;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import io.millrace.testkit.StoredBlocks;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where files lie on their devices, against where their bytes are found in the image. */
class PhysicalRangeIT {
    private static final int MIB = 1 << 20;

    private static List<PhysicalRange> ranges(Path file, ByteRange range) throws IOException {
        try (var fd = Stage.open(file)) {
            return PhysicalRange.of(Stage.POSIX, fd, Stage.POSIX.files().status(fd), range);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EXT4", "XFS"})
    void areWhereTheBytesAre(Kind kind) throws Exception {
        try (var mount = LoopMount.of(kind, 64)) {
            Path file = CachedFile.random(mount.directory().resolve("file"), 5 * MIB + 100, 1)
                    .path();
            String device = Command.run("findmnt", "-n", "-o", "SOURCE", mount.directory())
                    .strip();
            var blocks = new StoredBlocks(mount);
            for (long start : new long[] {0, MIB, 3L * MIB + 4096, 5L * MIB}) {
                var ranges = ranges(file, ByteRange.between(start, Math.min(start + MIB, 5 * MIB + 100)));
                assertThat(ranges).isNotEmpty();
                assertThat(ranges.get(0).file().offsetBytes()).isEqualTo(start);
                for (var range : ranges) {
                    assertThat(range.device()).contains(device);
                    assertThat(blocks.find(file, range.file().offsetBytes())).containsExactly(range.deviceBytes());
                }
            }
        }
    }

    @Test
    void btrfsHasAddressesOfItsOwn() throws Exception {
        try (var mount = LoopMount.of(Kind.BTRFS, 64)) {
            Path file =
                    CachedFile.random(mount.directory().resolve("file"), MIB, 1).path();
            var ranges = ranges(file, new ByteRange(0, MIB));
            assertThat(ranges)
                    .isNotEmpty()
                    .allSatisfy(range -> assertThat(range.device()).isEmpty());
        }
    }

    @Test
    void askingWritesNothingOut() throws Exception {
        try (var mount = LoopMount.of(Kind.EXT4, 64)) {
            Path file = mount.directory().resolve("file");
            Files.write(file, new byte[MIB]);
            try (var fd = Stage.open(file)) {
                long dirty =
                        Stage.POSIX.pages().cachestat(fd, new ByteRange(0, 0)).dirty();
                assertThat(ranges(file, new ByteRange(0, MIB))).isEmpty();
                assertThat(Stage.POSIX
                                .pages()
                                .cachestat(fd, new ByteRange(0, 0))
                                .dirty())
                        .isEqualTo(dirty)
                        .isPositive();
            }
        }
    }

    @Test
    void aHoleHasNoPlaceAndNeitherHasAFileInMemory() throws Exception {
        try (var mount = LoopMount.of(Kind.XFS, 64);
                var memory = LoopMount.of(Kind.TMPFS, 8)) {
            Path sparse = CachedFile.sparse(mount.directory().resolve("sparse"), 4 * MIB, 1, 2 * MIB)
                    .path();
            assertThat(ranges(sparse, new ByteRange(0, 2 * MIB))).isEmpty();
            assertThat(ranges(sparse, new ByteRange(0, 4 * MIB)).get(0).file().offsetBytes())
                    .isEqualTo(2 * MIB);
            Path file = memory.directory().resolve("file");
            try (var out = new RandomAccessFile(file.toFile(), "rw")) {
                out.setLength(MIB);
            }
            assertThat(ranges(file, new ByteRange(0, MIB))).isEmpty();
        }
    }
}
