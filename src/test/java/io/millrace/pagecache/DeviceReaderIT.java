// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.Command;
import io.millrace.testkit.FaultyPosix;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import io.millrace.testkit.PageProbe;
import io.millrace.testkit.PinnedPages;
import io.millrace.testkit.StoredBlocks;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that are hot, cold, both, dirty, damaged, compressed, sparse, and change while they are read. */
class DeviceReaderIT {
    private static final int MIB = 1 << 20;
    private static final int FILE_BYTES = 9 * MIB + 4321;
    private static final int BLOCKS = 10;
    private static final int PAGES = FILE_BYTES / Stage.PAGE_BYTES + 1;
    private static final int LATER = 100;

    @TempDir
    private Path directory;

    private static List<Provenance> times(int count, Provenance provenance) {
        return Collections.nCopies(count, provenance);
    }

    private static Path write(LoopMount mount, int bytes) throws Exception {
        Path file = mount.directory().resolve("file" + bytes);
        return CachedFile.random(file, bytes, bytes).evicted().path();
    }

    @ParameterizedTest
    @CsvSource({"EXT4,loop", "XFS,loop", "BTRFS,'loop,nodatacow'", "BTRFS,loop", "EXT2,loop"})
    void hotColdAndHalfHotFilesComeFromTheDeviceAndTheirPagesStay(Kind kind, String options) throws Exception {
        var probe = new PageProbe(directory);
        long seed = System.nanoTime();
        var random = new Random(seed);
        try (var mount = LoopMount.with(options, kind, 64)) {
            Path file = write(mount, FILE_BYTES);
            String sha256 = Command.run("sha256sum", file).substring(0, 64);
            var patterns = List.of(new BitSet(), Stage.scatteredAndAQuarter(PAGES, random), PageProbe.all(PAGES));
            for (BitSet pattern : patterns) {
                Stage.evict(file);
                Stage.heat(file, pattern);
                BitSet hot = probe.settled(file);

                var passed = Passed.over(file);

                BitSet after = probe.resident(file);
                assertThat(passed.provenances()).as("seed " + seed).isEqualTo(times(BLOCKS, Provenance.DEVICE));
                assertThat(passed.sha256()).isEqualTo(sha256);
                assertThat(PageProbe.addedBytes(hot, after)).isZero();
                PageProbe.assertKept(hot, after);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"EXT4,loop", "XFS,loop", "BTRFS,'loop,nodatacow'"})
    void aBitThatFlippedBelowAHotFileIsFoundInItsBlock(Kind kind, String options) throws Exception {
        var probe = new PageProbe(directory);
        try (var mount = LoopMount.with(options, kind, 64)) {
            Path file = write(mount, FILE_BYTES);
            List<Integer> sums = Passed.sumsOf(file);
            try (var pinned = PinnedPages.of(directory, file)) {
                new StoredBlocks(mount).flip(file, 5 * MIB + 77, 3);
                BitSet hot = probe.resident(file);

                var passed = Passed.over(file);

                for (int i = 0; i < BLOCKS; i++) {
                    var line = passed.lines().get(i);
                    assertThat(line.provenance()).isEqualTo(Provenance.DEVICE);
                    assertThat(line.sum() == sums.get(i)).as("block " + i).isEqualTo(i != 5);
                    assertThat(line.cachedSum()).as("what others read").contains(sums.get(i));
                }
                assertThat(probe.resident(file)).isEqualTo(hot).isEqualTo(PageProbe.all(PAGES));
                assertThat(Passed.sumsOf(file)).isEqualTo(sums);
            }
        }
    }

    @Test
    void theCopyThatOthersReadIsPutTogetherOfPagesThatAreThereAndTheDevicesOther() throws Exception {
        try (var mount = LoopMount.of(Kind.EXT4, 64)) {
            Path file = write(mount, 2 * MIB);
            List<Integer> sums = Passed.sumsOf(file);
            var blocks = new StoredBlocks(mount);
            Stage.evict(file);
            Stage.heat(file, BitSet.valueOf(new long[] {0b1111_0000}));
            blocks.flip(file, 5 * Stage.PAGE_BYTES, 0);

            var passed = Passed.over(file);

            assertThat(passed.lines().get(0).sum()).isNotEqualTo(sums.get(0));
            assertThat(passed.lines().get(0).residentBytes()).isEqualTo(4L * Stage.PAGE_BYTES);
            assertThat(passed.lines().get(0).cachedSum()).contains(sums.get(0));
            assertThat(passed.lines().get(1).cachedSum()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"EXT4,loop", "XFS,loop", "BTRFS,loop"})
    void dirtyBlocksAreLeftAloneAndStayDirty(Kind kind, String options) throws Exception {
        try (var mount = LoopMount.with(options, kind, 64)) {
            Path file = write(mount, FILE_BYTES);
            try (var out = new RandomAccessFile(file.toFile(), "rw")) {
                for (int block : new int[] {2, 3, 7}) {
                    out.seek((long) block * MIB + 50_000);
                    out.write(new byte[5000]);
                }
            }
            long dirty = dirtyPages(file);

            var passed = Passed.over(file);

            assertThat(dirtyPages(file)).isEqualTo(dirty).isPositive();
            for (int i = 0; i < BLOCKS; i++) {
                assertThat(passed.provenances().get(i))
                        .as("block " + i)
                        .isEqualTo(i == 2 || i == 3 || i == 7 ? Provenance.UNSETTLED : Provenance.DEVICE);
            }
        }
    }

    private static long dirtyPages(Path file) throws Exception {
        try (var fd = Stage.open(file)) {
            var count = Stage.POSIX.pages().cachestat(fd, new ByteRange(0, 0));
            return count.dirty() + count.writeback();
        }
    }

    @Test
    void aBlockThatBecomesDirtyWhileItIsReadIsUnsettled() throws Exception {
        var faulty = new FaultyPosix(LinuxPosix.create());
        try (var mount = LoopMount.of(Kind.XFS, 64)) {
            Path file = write(mount, 3 * MIB); // one read, in this thread
            var written = faulty.before("threadUsage", arguments -> {
                        try (var out = new RandomAccessFile(file.toFile(), "rw")) {
                            out.seek(MIB);
                            out.write(1);
                        }
                    })
                    .fromCall(2);
            written.times(1); // between the read and the count behind it

            var passed = Passed.over(faulty.posix(), file, traits -> traits, 0);

            assertThat(written.injected()).isEqualTo(1);
            assertThat(passed.provenances().get(1)).isEqualTo(Provenance.UNSETTLED);
            assertThat(Collections.frequency(passed.provenances(), Provenance.DEVICE))
                    .isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "EXT4,  'loop,data=journal',        '',              false, DEVICE",
        "EXT4,  loop,                       '-Oinline_data', true,  DEVICE",
        "BTRFS, 'loop,compress-force=zstd', '',              false, DEVICE",
        "BTRFS, loop,                       '',              true,  DEVICE",
        "TMPFS, loop,                       '',              false, CACHE",
    })
    void aReadThatWouldBeBufferedIsNotTakenForTheDevices(
            Kind kind, String options, String mkfs, boolean isTiny, Provenance cold) throws Exception {
        var probe = new PageProbe(directory);
        String[] mkfsOptions = mkfs.isEmpty() ? new String[0] : new String[] {mkfs};
        try (var mount = LoopMount.with(options, kind, 64, mkfsOptions)) {
            Path file = mount.directory().resolve("file");
            Files.writeString(file, isTiny ? "tiny" : "compressible ".repeat(400_000));
            Stage.evict(file);
            String sha256 = Command.run("sha256sum", file).substring(0, 64);
            int pages = (int) ((Files.size(file) + Stage.PAGE_BYTES - 1) / Stage.PAGE_BYTES);
            Stage.heat(file, PageProbe.all(pages));
            BitSet hot = probe.settled(file);

            var passed = Passed.over(Stage.POSIX, file, traits -> traits, LATER);

            assertThat(passed.distinct()).containsExactly(Provenance.CACHE);
            assertThat(passed.sha256()).isEqualTo(sha256);
            PageProbe.assertKept(hot, probe.resident(file));

            Stage.evict(file);
            if (!isTiny) {
                Stage.heat(file, PageProbe.all(pages / 2 / 256 * 256));
            }
            BitSet half = probe.settled(file);
            passed = Passed.over(Stage.POSIX, file, traits -> traits, LATER);
            assertThat(passed.provenances().get(passed.provenances().size() - 1))
                    .as(passed.lines().toString())
                    .isEqualTo(cold);
            assertThat(passed.sha256()).isEqualTo(sha256);
            BitSet after = probe.settled(file);
            assertThat(PageProbe.addedBytes(half, after)).isZero();
            PageProbe.assertKept(half, after);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EXT4", "XFS", "BTRFS"})
    void withoutCachestatAResidentFileHasToBeQuiet(Kind kind) throws Exception {
        var old = new FaultyPosix(LinuxPosix.create());
        var fault = old.fail("cachestat", Errno.ENOSYS);
        try (var mount = LoopMount.of(kind, 64)) {
            Path file = write(mount, FILE_BYTES);
            Stage.heat(file, PageProbe.all(PAGES / 2));

            assertThat(Passed.over(old.posix(), file, traits -> traits, 0).provenances())
                    .startsWith(Provenance.UNSETTLED, Provenance.UNSETTLED)
                    .endsWith(Provenance.DEVICE, Provenance.DEVICE); // what is not there is not dirty either
            assertThat(Passed.over(old.posix(), file, traits -> traits, LATER).distinct())
                    .containsExactly(Provenance.DEVICE);
        }
        assertThat(fault.injected()).isPositive();
    }

    @Test
    void aFilterThatForbidsCachestatIsAnOldKernel() throws Exception {
        var filtered = new FaultyPosix(LinuxPosix.create());
        var fault = filtered.fail("cachestat", Errno.EPERM);
        try (var mount = LoopMount.of(Kind.EXT4, 64)) {
            Path file = write(mount, FILE_BYTES);
            Stage.heat(file, PageProbe.all(PAGES));
            assertThat(Passed.over(filtered.posix(), file, traits -> traits, 0).distinct())
                    .containsExactly(Provenance.UNSETTLED);
            assertThat(Passed.over(filtered.posix(), file, traits -> traits, LATER)
                            .distinct())
                    .containsExactly(Provenance.DEVICE);
        }
        assertThat(fault.injected()).isPositive();
    }

    @Test
    void whereResidencyIsKeptSecretTheCountOfTheBlockLayerIsEnough() throws Exception {
        try (var mount = LoopMount.of(Kind.EXT4, 64)) {
            Path file = write(mount, FILE_BYTES);
            Stage.heat(file, PageProbe.all(PAGES));
            var passed = Passed.over(Stage.POSIX, file, DeviceReaderIT::secret, LATER);
            assertThat(passed.distinct()).containsExactly(Provenance.DEVICE);
            assertThat(passed.lines().get(0).residentBytes()).isEqualTo(-1);
            assertThat(passed.lines().get(0).cachedSum()).isEmpty();
            assertThat(Passed.over(Stage.POSIX, file, DeviceReaderIT::secret, 0).distinct())
                    .containsExactly(Provenance.UNSETTLED);
        }
    }

    private static MountTraits secret(MountTraits traits) {
        return new MountTraits(
                traits.deviceName(),
                traits.type(),
                traits.dontCache(),
                false,
                false,
                traits.readaheadBytes(),
                traits.readaheadKnown());
    }

    @Test
    void anOverlaysFilesComeFromTheDeviceBelow() throws Exception {
        try (var mount = LoopMount.of(Kind.OVERLAY, 64)) {
            Path file = write(mount, FILE_BYTES);
            Stage.heat(file, PageProbe.all(PAGES));
            assertThat(Passed.over(Stage.POSIX, file, traits -> traits, LATER).distinct())
                    .containsExactly(Provenance.DEVICE);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EXT4", "XFS", "BTRFS"})
    void holesAndReservedBlocksAreZerosWithoutARead(Kind kind) throws Exception {
        try (var mount = LoopMount.of(kind, 64)) {
            Path sparse = mount.directory().resolve("sparse");
            try (var out = new RandomAccessFile(sparse.toFile(), "rw")) {
                out.setLength(8 * MIB + 5);
                out.seek(5 * MIB);
                byte[] data = new byte[MIB + 100];
                new Random(1).nextBytes(data);
                out.write(data);
                out.getFD().sync();
            }
            String sha256 = Command.run("sha256sum", sparse).substring(0, 64);
            var passed = Passed.over(sparse);
            assertThat(passed.sha256()).isEqualTo(sha256);
            for (int i = 0; i < 9; i++) {
                assertThat(passed.provenances().get(i))
                        .as("block " + i)
                        .isEqualTo(i == 5 || i == 6 ? Provenance.DEVICE : Provenance.HOLE);
            }
            Path reserved = mount.directory().resolve("reserved");
            var unused = Command.run("fallocate", "-l", 3 * MIB + 1, reserved);
            passed = Passed.over(reserved);
            assertThat(passed.distinct()).containsExactly(Provenance.HOLE);
            assertThat(passed.sha256())
                    .isEqualTo(Command.run("sha256sum", reserved).substring(0, 64));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EXT4", "XFS", "BTRFS"})
    void filesOfAnyLengthAreReadWhole(Kind kind) throws Exception {
        var lengths = List.of(1, 511, 512, 4095, 4096, 4097, MIB - 1, MIB, MIB + 1, 4 * MIB, 4 * MIB + 513);
        try (var mount = LoopMount.of(kind, 64)) {
            for (int length : lengths) {
                Path file = write(mount, length);
                String sha256 = Command.run("sha256sum", file).substring(0, 64);
                var passed = Passed.over(file);
                assertThat(passed.sha256()).isEqualTo(sha256);
                assertThat(passed.lines()).hasSize((length + MIB - 1) / MIB);
                if (length > 4096 || kind != Kind.BTRFS) { // else inline, and hot by now
                    assertThat(passed.distinct()).as(length + " bytes").containsExactly(Provenance.DEVICE);
                }
            }
            Path empty = Files.createFile(mount.directory().resolve("empty"));
            assertThat(Passed.over(empty).lines()).isEmpty();
        }
    }

    @Test
    void aFileThatChangesItsLengthMeanwhileIsReadAsFarAsItGoes() throws Exception {
        try (var mount = LoopMount.of(Kind.EXT4, 64)) {
            for (int length : new int[] {0, 1, 4096, 2 * MIB, 5 * MIB + 100, FILE_BYTES + MIB}) {
                Path file = write(mount, FILE_BYTES);
                var faulty = new FaultyPosix(LinuxPosix.create());
                var cut = faulty.before("preadDirect", arguments -> {
                    try (var out = new RandomAccessFile(file.toFile(), "rw")) {
                        out.setLength(length);
                        out.getFD().sync();
                    }
                });
                cut.times(1);
                var passed = Passed.over(faulty.posix(), file, traits -> traits, 0);
                assertThat(cut.injected()).isEqualTo(1);
                long end = 0;
                for (var line : passed.lines()) {
                    assertThat(line.range().offsetBytes()).isEqualTo(end);
                    end = line.range().endBytes();
                }
                // A read that was under way may have been done before.
                assertThat(end).isBetween((long) Math.min(length, FILE_BYTES), (long) FILE_BYTES);
                Files.delete(file);
            }
        }
    }

    @Test
    void aBlockThatFailsItsChecksumIsUnreadableAndItsNeighboursAreNot() throws Exception {
        try (var mount = LoopMount.of(Kind.BTRFS, 64)) {
            Path file = write(mount, FILE_BYTES);
            List<Integer> sums = Passed.sumsOf(file);
            try (var pinned = PinnedPages.of(directory, file)) {
                new StoredBlocks(mount).flip(file, 6 * MIB + 1, 7);
                var passed = Passed.over(file);
                for (int i = 0; i < BLOCKS; i++) {
                    var line = passed.lines().get(i);
                    assertThat(line.provenance()).isEqualTo(i == 6 ? Provenance.UNREADABLE : Provenance.DEVICE);
                    assertThat(line.failure()).isEqualTo(i == 6 ? Optional.of(Errno.EIO) : Optional.empty());
                    assertThat(line.cachedSum()).contains(sums.get(i));
                }
            }
        }
    }

    @Test
    void anErrorThatIsNotOfABlockEndsThePass() throws Exception {
        var faulty = new FaultyPosix(LinuxPosix.create());
        var fault = faulty.fail("preadDirect", Errno.ESTALE).fromCall(2);
        try (var mount = LoopMount.of(Kind.EXT4, 64)) {
            Path file = write(mount, FILE_BYTES);
            assertThatThrownBy(() -> Passed.over(faulty.posix(), file, traits -> traits, 0))
                    .isInstanceOf(PosixException.class)
                    .hasMessageContaining("ESTALE");
        }
        assertThat(fault.injected()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(names = {"EINVAL", "EACCES", "ENOENT"})
    void whereTheFileCannotBeOpenedAgainThePageCacheIsNamed(Errno errno) throws Exception {
        var faulty = new FaultyPosix(LinuxPosix.create());
        var fault = faulty.fail("open", errno).on("/proc/self/fd");
        try (var mount = LoopMount.of(Kind.EXT4, 64)) {
            Path file = write(mount, FILE_BYTES);
            Stage.heat(file, PageProbe.all(PAGES / 2));
            var passed = Passed.over(faulty.posix(), file, traits -> traits, 0);
            assertThat(passed.provenances())
                    .startsWith(Provenance.CACHE, Provenance.CACHE)
                    .endsWith(Provenance.DEVICE, Provenance.DEVICE);
        }
        assertThat(fault.injected()).isPositive();
    }

    @Test
    void noDescriptorsLeftIsAnError() throws Exception {
        var faulty = new FaultyPosix(LinuxPosix.create());
        var fault = faulty.fail("open", Errno.EMFILE).on("/proc/self/fd");
        Path file = Stage.write(directory.resolve("file"), 10, new Random(5));
        try (var fd = Stage.open(file)) {
            assumeThat(MountTraits.probe(Stage.POSIX, fd, Stage.POSIX.files().status(fd))
                            .type()
                            .readsBlockDevice())
                    .isTrue();
        }
        assertThatThrownBy(() -> Passed.over(faulty.posix(), file, traits -> traits, 0))
                .hasMessageContaining("EMFILE");
        assertThat(fault.injected()).isPositive();
    }

    @Test
    void oneReaderServesFileAfterFileAndReadsABlockAgain() throws Exception {
        try (var mount = LoopMount.of(Kind.EXT4, 64);
                var reader = new DeviceReader(Stage.POSIX, 2);
                var again = NativeBuffer.allocate(DeviceReader.BLOCK_BYTES)) {
            for (int i = 0; i < 3; i++) {
                Path file = Stage.write(mount.directory().resolve("file" + i), FILE_BYTES - i * MIB, new Random(i));
                try (var fd = Stage.open(file)) {
                    var status = Stage.POSIX.files().status(fd);
                    var traits = MountTraits.probe(Stage.POSIX, fd, status);
                    try (var pass = reader.begin(fd, status, traits)) {
                        assertThat(pass.isDirect()).isTrue();
                        assertThatThrownBy(() -> reader.begin(fd, status, traits))
                                .isInstanceOf(IllegalStateException.class);
                        var first = pass.next();
                        assertThat(first).isNotNull();
                        var same = pass.reread(first.range(), again);
                        assertThat(same).isNotNull();
                        assertThat(same.buffer().slice(0, MIB))
                                .isEqualTo(first.buffer().slice(first.offsetBytes(), MIB));
                        assertThat(same.provenance()).isEqualTo(Provenance.DEVICE);
                        assertThat(pass.reread(new ByteRange(64L * MIB, MIB), again))
                                .isNull();
                        if (i == 1) {
                            continue; // left in the middle
                        }
                        int blocks = 1;
                        while (pass.next() != null) {
                            blocks++;
                        }
                        assertThat(blocks).isEqualTo(BLOCKS - i);
                    }
                }
            }
        }
        assertThat(IntStream.of(0, 5))
                .allSatisfy(count -> assertThatThrownBy(() -> new DeviceReader(Stage.POSIX, count))
                        .isInstanceOf(IllegalArgumentException.class));
    }
}
