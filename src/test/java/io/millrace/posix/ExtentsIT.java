// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.SpaceCalls.FallocateMode;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.Scratch;
import io.millrace.testkit.Command;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** FIEMAP against filefrag(8), on file systems of its own. */
class ExtentsIT {
    private static final int BLOCK = 4096;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final Pattern FILEFRAG = Pattern.compile(" *\\d+: +(\\d+)\\.\\. *(\\d+): .*: +\\d+:(.*)");

    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private final SpaceCalls space = scratch.posix().space();
    private final FileCalls files = scratch.posix().files();

    private OwnedFd create(LoopMount mount) throws PosixException {
        var path = Scratch.path(mount.directory().resolve("a"));
        return files.create(path, Set.of(OpenFlag.READ_WRITE, OpenFlag.CREATE), 0600);
    }

    private List<Extent> extents(OwnedFd fd, ByteRange range) throws PosixException {
        var extents = new ArrayList<Extent>();
        space.extents(fd, range, extents::add);
        return extents;
    }

    private void write(OwnedFd fd, long offset) throws IOException {
        try (var block = NativeBuffer.allocate(BLOCK)) {
            scratch.posix().io().pwrite(fd, block, new ByteRange(offset, BLOCK));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EXT4", "XFS", "BTRFS"})
    void listsWhatFilefragLists(Kind kind) throws Exception {
        try (var mount = LoopMount.of(kind, 128, kind == Kind.EXT4 ? new String[] {"-b", "4096"} : new String[0]);
                var fd = create(mount)) {
            space.fallocate(fd, FallocateMode.RESERVE, new ByteRange(0, MIB));
            write(fd, 64 * BLOCK);
            space.fallocate(fd, FallocateMode.RESERVE, new ByteRange(3 * GIB, 2 * MIB));
            write(fd, 5 * GIB);
            files.fsync(fd);
            var extents = extents(fd, new ByteRange(0, Long.MAX_VALUE));
            assertThat(extents.stream().map(ExtentsIT::line).toList())
                    .isEqualTo(filefrag(mount.directory().resolve("a")));
            assertThat(extents).anyMatch(Extent::isUnwritten).noneMatch(Extent::isShared);
            assertThat(extents.get(0).isUnwritten()).isTrue();
            assertThat(extents.get(extents.size() - 1).isLast()).isTrue();
            assertThat(extents).anyMatch(extent -> extent.range().offsetBytes() == 5 * GIB);
        }
    }

    private static String line(Extent extent) {
        var range = extent.range();
        return range.offsetBytes() / BLOCK + ".." + (range.endBytes() / BLOCK - 1) + " unwritten="
                + extent.isUnwritten() + " last=" + extent.isLast() + " shared=" + extent.isShared();
    }

    private static List<String> filefrag(Path file) throws Exception {
        return Command.run("filefrag", "-b4096", "-v", file)
                .lines()
                .map(FILEFRAG::matcher)
                .filter(Matcher::matches)
                .map(extent -> extent.group(1) + ".." + extent.group(2) + " unwritten="
                        + extent.group(3).contains("unwritten") + " last="
                        + extent.group(3).contains("last") + " shared="
                        + extent.group(3).contains("shared"))
                .toList();
    }

    @Test
    void listsMoreExtentsThanOneCallGives() throws Exception {
        int extents = 1_500;
        try (var mount = LoopMount.of(Kind.EXT4, 64, "-b", "4096");
                var fd = create(mount)) {
            for (int i = 0; i < extents; i++) {
                write(fd, 2L * i * BLOCK);
            }
            var all = extents(fd, new ByteRange(0, Long.MAX_VALUE)); // delayed until FIEMAP writes them out
            assertThat(all).hasSize(extents);
            for (int i = 0; i < extents; i++) {
                assertThat(all.get(i).range()).isEqualTo(new ByteRange(2L * i * BLOCK, BLOCK));
            }
            assertThat(extents(fd, new ByteRange(10 * BLOCK, 5 * BLOCK)))
                    .extracting(Extent::range)
                    .isEqualTo(all.subList(5, 8).stream().map(Extent::range).toList());
            assertThat(extents(fd, new ByteRange(11 * BLOCK, BLOCK)))
                    .as("a hole")
                    .isEmpty();
            assertThat(extents(fd, new ByteRange(0, 0))).isEmpty();
            assertThat(extents(fd, new ByteRange(3 * GIB, GIB))).isEmpty();
        }
    }

    @Test
    void seesWhatIsSharedWithAnotherFile() throws Exception {
        try (var mount = LoopMount.of(Kind.BTRFS, 128);
                var fd = create(mount)) {
            for (int i = 0; i < 64; i++) {
                write(fd, (long) i * BLOCK);
            }
            files.fsync(fd);
            Command.run(
                    "cp",
                    "--reflink=always",
                    mount.directory().resolve("a"),
                    mount.directory().resolve("b"));
            assertThat(extents(fd, new ByteRange(0, GIB))).isNotEmpty().allMatch(Extent::isShared);
        }
    }

    @Test
    void listsTheVeryLastBlockThatAFileCanHave() throws Exception {
        try (var mount = LoopMount.of(Kind.XFS, 300);
                var fd = create(mount)) {
            long last = Long.MAX_VALUE - BLOCK + 1;
            files.truncate(fd, Long.MAX_VALUE);
            space.fallocate(fd, FallocateMode.RESERVE, ByteRange.between(last, Long.MAX_VALUE));
            assertThat(extents(fd, ByteRange.between(last, Long.MAX_VALUE)))
                    .singleElement()
                    .satisfies(extent -> assertThat(extent.range().endBytes()).isEqualTo(Long.MAX_VALUE));
        }
    }

    @Test
    void saysSoWhereNobodyCanTell() throws Exception {
        try (var mount = LoopMount.of(Kind.TMPFS, 8);
                var fd = create(mount)) {
            assertThatThrownBy(() -> extents(fd, new ByteRange(3, 5)))
                    .hasMessage(fd + ": FS_IOC_FIEMAP at 3+5: Operation not supported (EOPNOTSUPP)");
        }
    }
}
