// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import static io.millrace.testkit.PageProbe.addedBytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.posix.FileSystemType;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.Command;
import io.millrace.testkit.FaultyPosix;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import io.millrace.testkit.PageProbe;
import io.millrace.testkit.Undisturbed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What mounts can do, and kernels that can do less. */
class TraitsIT {
    private static final int FILE_BYTES = (48 << 20) + 4321;
    private static final int PAGES = FILE_BYTES / Stage.PAGE_BYTES + 1;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "EXT4,    EXT,     true,  true,  true,  DONTCACHE",
        "XFS,     XFS,     true,  true,  true,  DONTCACHE",
        "BTRFS,   BTRFS,   false, true,  true,  DROP_BEHIND",
        "EXT2,    EXT,     true,  true,  true,  DONTCACHE",
        "TMPFS,   TMPFS,   false, true,  false, PLAIN",
        "OVERLAY, OVERLAY, false, false, true,  DROP_BEHIND",
    })
    void areFoundOnEachFileSystem(
            Kind kind, FileSystemType type, boolean dontCache, boolean cachestat, boolean drops, ReadStrategy strategy)
            throws Exception {
        var probe = new PageProbe(directory);
        try (var mount = LoopMount.of(kind, 64)) {
            Path file = Stage.write(mount.directory().resolve("file"), 9_000_000, new Random(3));
            BitSet before = probe.resident(file);
            try (var fd = Stage.open(file)) {
                var status = Stage.POSIX.files().status(fd);
                var traits = MountTraits.probe(Stage.POSIX, fd, status);
                var residency = new Residency(Stage.POSIX, traits);
                assertThat(probe.resident(file))
                        .as("the probe itself touches no page")
                        .isEqualTo(before);
                assertThat(traits.type()).isEqualTo(type);
                assertThat(traits.type().canDropPages()).isEqualTo(drops);
                assertThat(traits.cachestat()).isEqualTo(cachestat && kernelHas("cachestat"));
                assertThat(traits.dontCache()).isEqualTo(dontCache && kernelHas("DONTCACHE"));
                assertThat(traits.readaheadBytes()).isPositive();
                assertThat(residency.isKnown(fd)).isTrue();
                // Nothing but on tmpfs, and there all.
                assertThat(residency.residentBytes(fd, new ByteRange(0, 9_000_000)))
                        .isEqualTo(before.isEmpty() ? 0 : 9_000_000);
            }
            var reading = Reading.of(Stage.POSIX, file, ReadPlan.Wish.of(CachePolicy.NEUTRAL));
            assertThat(reading.plan().strategy())
                    .isEqualTo(
                            strategy == ReadStrategy.DONTCACHE && !kernelHas("DONTCACHE")
                                    ? ReadStrategy.DROP_BEHIND
                                    : strategy);
            assertThat(addedBytes(before, probe.resident(file))).isZero();
            assertThat(Command.run("sha256sum", file)).startsWith(reading.sha256());
        }
    }

    /** Asked of a file on ext4, which has both where the kernel does. */
    private static boolean kernelHas(String what) throws IOException {
        try (var mount = LoopMount.of(Kind.EXT4, 16)) {
            Path file = Stage.write(mount.directory().resolve("file"), 1, new Random(4));
            try (var fd = Stage.open(file)) {
                var traits =
                        MountTraits.probe(Stage.POSIX, fd, Stage.POSIX.files().status(fd));
                return what.equals("cachestat") ? traits.cachestat() : traits.dontCache();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ENOSYS", "EPERM"})
    void aKernelWithoutCachestatOrAFilterThatForbidsItGiveTheSameAnswers(Errno refusal) throws Exception {
        Undisturbed.run(() -> {
            long seed = new Random().nextLong();
            var random = new Random(seed);
            var old = new FaultyPosix(LinuxPosix.create());
            var fault = old.fail("cachestat", refusal);
            var probe = new PageProbe(directory);
            try (var mount = LoopMount.of(Kind.EXT4, 100)) {
                Path file = Stage.write(mount.directory().resolve("file"), FILE_BYTES, random);
                Stage.heat(file, Stage.scatteredAndAQuarter(PAGES, random));
                BitSet hot = probe.resident(file);
                try (var fd = Stage.open(file)) {
                    var status = Stage.POSIX.files().status(fd);
                    var traits = MountTraits.probe(old.posix(), fd, status);
                    var residency = new Residency(old.posix(), traits);
                    assertThat(traits.cachestat()).isEqualTo(refusal == Errno.EPERM);
                    assertThat(residency.isKnown(fd)).isTrue();
                    for (int round = 0; round < 50; round++) {
                        int from = random.nextInt(PAGES);
                        int pages = 1 + random.nextInt(PAGES - from);
                        var range = ByteRange.between(
                                (long) from * Stage.PAGE_BYTES,
                                Math.min((long) (from + pages) * Stage.PAGE_BYTES, FILE_BYTES));
                        long now = new Residency(Stage.POSIX, MountTraits.probe(Stage.POSIX, fd, status))
                                .residentBytes(fd, range);
                        assertThat(residency.residentBytes(fd, range))
                                .as("seed " + seed + ", " + range)
                                .isBetween((long) (now * 0.9), now);
                    }
                }
                var reading = Reading.of(old.posix(), file, WindowIT.forced(ReadStrategy.DROP_BEHIND));
                BitSet after = probe.resident(file);
                PageProbe.assertKept(hot, after);
                assertThat(addedBytes(hot, after)).isZero();
                assertThat(reading.effect().leftBytes()).isZero();
            }
            assertThat(fault.injected()).isPositive();
        });
    }

    @Test
    void howMuchIsDirtyIsNotKnownWhereAFilterForbidsCachestat() throws Exception {
        var filtered = new FaultyPosix(LinuxPosix.create());
        var fault = filtered.fail("cachestat", Errno.EPERM);
        try (var mount = LoopMount.of(Kind.EXT4, 100)) {
            Path file = Stage.write(mount.directory().resolve("file"), FILE_BYTES, new Random(5));
            Stage.heat(file, Stage.scatteredAndAQuarter(PAGES, new Random(5)));
            try (var fd = Stage.open(file)) {
                var status = Stage.POSIX.files().status(fd);
                var traits = MountTraits.probe(Stage.POSIX, fd, status);
                assumeThat(traits.cachestat()).isTrue();
                var eviction = Eviction.of(filtered.posix(), traits, fd, status, Eviction.Dirty.LEAVE, 0);
                assertThat(eviction.before().residentBytes().orElse(0)).isPositive();
                assertThat(eviction.after().residentBytes()).hasValue(0);
                assertThat(eviction.dirtyBytes()).isEmpty();
            }
        }
        assertThat(fault.injected()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void aReadThatRefusesDontcacheIsDoneOverByDropBehind(int call) throws Exception {
        Undisturbed.run(() -> {
            var faulty = new FaultyPosix(LinuxPosix.create());
            var fault = faulty.fail("preadDontCache", Errno.EOPNOTSUPP).fromCall(call);
            var random = new Random(call);
            var probe = new PageProbe(directory);
            try (var mount = LoopMount.of(Kind.EXT4, 100)) {
                Path file = Stage.write(mount.directory().resolve("file"), FILE_BYTES, random);
                Stage.heat(file, Stage.scatteredAndAQuarter(PAGES, random));
                BitSet hot = probe.resident(file);
                assumeThat(kernelHas("DONTCACHE"))
                        .as("this kernel has no RWF_DONTCACHE to refuse")
                        .isTrue();

                var reading = Reading.of(faulty.posix(), file, ReadPlan.Wish.of(CachePolicy.NEUTRAL));

                BitSet after = probe.resident(file);
                assertThat(fault.injected()).isEqualTo(1);
                PageProbe.assertKept(hot, after);
                assertThat(addedBytes(hot, after)).isZero();
                assertThat(reading.effect().dropBehindBytes()).isPositive();
                assertThat(Command.run("sha256sum", file)).startsWith(reading.sha256());
            }
        });
    }

    @Test
    void anErrorOfTheProbeIsNotTakenForALack() throws Exception {
        var faulty = new FaultyPosix(LinuxPosix.create());
        var fault = faulty.fail("preadDontCache", Errno.EIO);
        Path file = Stage.write(directory.resolve("file"), 10, new Random(5));
        try (var fd = Stage.open(file)) {
            var status = Stage.POSIX.files().status(fd);
            assumeThat(MountTraits.probe(Stage.POSIX, fd, status).type().canDropPages())
                    .as("the temporary directory lies in memory")
                    .isTrue();
            assertThatThrownBy(() -> MountTraits.probe(faulty.posix(), fd, status))
                    .isInstanceOf(PosixException.class)
                    .hasMessageContaining("EIO")
                    .hasMessageContaining(file.toString());
        }
        assertThat(fault.injected()).isEqualTo(1);
    }
}
