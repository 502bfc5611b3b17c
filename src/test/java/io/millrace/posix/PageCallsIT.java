// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.posix.PageCalls.Advice;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.Scratch;
import io.millrace.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page cache as advice, cachestat and mincore show it, against fincore(1), up to 5 GiB into a sparse file. */
class PageCallsIT {
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final ByteRange ALL = new ByteRange(0, 0);

    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private final PageCalls pages = scratch.posix().pages();

    /** 6 GiB of nothing with 4 MiB of data at 1 and at 5 GiB, clean and not in the cache. */
    @BeforeEach
    void makeSparse() throws Exception {
        try (var fd = scratch.create("sparse");
                var buffer = NativeBuffer.allocate((int) (4 * MIB))) {
            scratch.posix().files().truncate(fd, 6 * GIB);
            scratch.posix().io().pwrite(fd, buffer, new ByteRange(GIB, 4 * MIB));
            scratch.posix().io().pwrite(fd, buffer, new ByteRange(5 * GIB, 4 * MIB));
            scratch.posix().files().fsync(fd);
            pages.fadvise(fd, ALL, Advice.DONTNEED);
        }
        assumeTrue(fincore() == 0, "this file system keeps its pages");
    }

    private OwnedFd open() throws PosixException {
        return scratch.open(scratch.file("sparse"));
    }

    private long fincore() throws Exception {
        return Long.parseLong(Command.run("fincore", "--noheadings", "--output", "PAGES", scratch.file("sparse"))
                .strip());
    }

    private long count(long mebibytes) {
        return mebibytes * MIB / pages.pageBytes();
    }

    /** The host may take a page back at any time, but never adds one. */
    private static void isAbout(long resident, long expected) {
        assertThat(resident).isBetween(expected - expected / 10, expected);
    }

    private void read(OwnedFd fd, long offset, long length) throws PosixException {
        pages.fadvise(fd, ALL, Advice.RANDOM); // no readahead
        try (var buffer = NativeBuffer.allocate((int) length)) {
            assertThat(scratch.posix().io().pread(fd, buffer, new ByteRange(offset, length)))
                    .isEqualTo((int) length);
        }
    }

    private CacheStat cachestat(OwnedFd fd, ByteRange range) throws PosixException {
        scratch.assumeNot(0x794C7630, "cachestat counts nothing on overlayfs");
        try {
            return pages.cachestat(fd, range);
        } catch (PosixException e) {
            assumeTrue(!e.is(Errno.ENOSYS), "no cachestat in this kernel (Linux 6.5)");
            throw e;
        }
    }

    @Test
    void knowsThePageSize() throws Exception {
        assertThat(Command.run("getconf", "PAGESIZE").strip()).isEqualTo(String.valueOf(pages.pageBytes()));
    }

    @Test
    void countsWhatFincoreCountsInEachRange() throws Exception {
        try (var fd = open()) {
            assertThat(cachestat(fd, ALL).resident()).isZero();
            read(fd, 5 * GIB + MIB, 2 * MIB);
            isAbout(fincore(), count(2));
            isAbout(cachestat(fd, ALL).resident(), count(2));
            isAbout(cachestat(fd, new ByteRange(5 * GIB + MIB, 2 * MIB)).resident(), count(2));
            isAbout(cachestat(fd, new ByteRange(5 * GIB + 2 * MIB, GIB)).resident(), count(1));
            assertThat(cachestat(fd, new ByteRange(0, 5 * GIB)).resident()).isZero();
            isAbout(cachestat(fd, new ByteRange(3 * GIB, 0)).resident(), count(2)); // 0 means to the end
        }
    }

    @Test
    void countsWhatIsNotWrittenYet() throws Exception {
        try (var fd = scratch.open(scratch.file("sparse"), OpenFlag.READ_WRITE);
                var buffer = NativeBuffer.allocate((int) MIB)) {
            scratch.posix().io().pwrite(fd, buffer, new ByteRange(5 * GIB, MIB));
            var count = cachestat(fd, ALL);
            assertThat(count.dirty() + count.writeback()).isEqualTo(count(1));
            scratch.posix().files().fsync(fd);
            count = cachestat(fd, ALL);
            assertThat(count.dirty() + count.writeback()).isZero();
            isAbout(count.resident(), count(1));
            pages.fadvise(fd, ALL, Advice.DONTNEED);
            assertThat(cachestat(fd, ALL).resident()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Advice.class)
    void takesAdviceOverMoreThanTwoGibibytes(Advice advice) throws Exception {
        try (var fd = open()) {
            pages.fadvise(fd, ALL, advice);
            pages.fadvise(fd, new ByteRange(3 * GIB, 3 * GIB), advice);
            pages.fadvise(fd, ByteRange.between(1, Long.MAX_VALUE), advice);
            pages.fadvise(fd, ByteRange.between(Long.MAX_VALUE - 1, Long.MAX_VALUE), advice);
        }
    }

    @Test
    void dropsOnlyTheRangeThatItIsToldTo() throws Exception {
        try (var fd = open()) {
            read(fd, GIB, 4 * MIB);
            read(fd, 5 * GIB, 4 * MIB);
            isAbout(fincore(), count(8));
            pages.fadvise(fd, new ByteRange(3 * GIB, 3 * GIB), Advice.DONTNEED);
            isAbout(fincore(), count(4));
            pages.fadvise(fd, new ByteRange(0, 3 * GIB), Advice.DONTNEED);
            assertThat(fincore()).isZero();
        }
    }

    @Test
    void bringsPagesInOnRequest() throws Exception {
        try (var fd = open()) {
            pages.fadvise(fd, new ByteRange(5 * GIB, MIB), Advice.WILLNEED);
            read(fd, 5 * GIB, 4096); // waits for the readahead of its page
            assertThat(fincore()).isGreaterThan(1);
        }
    }

    @Test
    void returnsTheErrorOfAdviceInsteadOfAStaleErrno() throws Exception {
        try (var pipe = scratch.posix().pipes().pipe(Set.of());
                var path = scratch.open(scratch.file("sparse"), OpenFlag.PATH)) {
            assertThatThrownBy(() -> scratch.open(Path.of("/nowhere")).close()).hasMessageContaining("(ENOENT)");
            assertThatThrownBy(() -> pages.fadvise(pipe.readEnd(), new ByteRange(5 * GIB, 7), Advice.DONTNEED))
                    .hasMessage(pipe.readEnd() + ": posix_fadvise at 5368709120+7: Illegal seek (ESPIPE)");
            assertThatThrownBy(() -> pages.fadvise(path, ALL, Advice.NORMAL))
                    .hasMessage(path + ": posix_fadvise at 0+0: Bad file descriptor (EBADF)");
        }
    }

    @Test
    void saysSoWhereNobodyCanCount() throws Exception {
        try (var fd = open();
                var path = scratch.open(scratch.file("sparse"), OpenFlag.PATH)) {
            assertThat(cachestat(fd, ALL).dirty()).isZero();
            assertThatThrownBy(() -> pages.cachestat(path, new ByteRange(1, 2)))
                    .hasMessage(path + ": cachestat at 1+2: Bad file descriptor (EBADF)");
        }
    }

    @Test
    void seesEachResidentPageOfFiveGibibytesAndBringsNoneIn() throws Exception {
        try (var fd = open()) {
            read(fd, GIB + MIB, MIB);
            read(fd, 5 * GIB, 2 * MIB);
            var range = new ByteRange(GIB, 4 * GIB + MIB);
            try (var map = pages.mmap(fd, range);
                    var vector = NativeBuffer.allocate((int) (range.lengthBytes() / pages.pageBytes()))) {
                assertThat(map.range()).isEqualTo(range);
                pages.mincore(map, vector);
                var seen = vector.first(vector.sizeBytes());
                long resident = 0;
                for (long page = 0; page < vector.sizeBytes(); page++) {
                    long offset = GIB + page * pages.pageBytes();
                    boolean wasRead = offset >= GIB + MIB && offset < GIB + 2 * MIB || offset >= 5 * GIB;
                    if ((seen.get((int) page) & 1) != 0) {
                        resident++;
                        if (!wasRead) {
                            throw new AssertionError("resident, though nobody read it: the page at " + offset);
                        }
                    }
                }
                isAbout(resident, count(2));
            }
            isAbout(fincore(), count(3));
        }
    }

    @Test
    void saysWhyItCannotMap() throws Exception {
        try (var fd = open();
                var writer = scratch.open(scratch.file("sparse"), OpenFlag.WRITE_ONLY);
                var pipe = scratch.posix().pipes().pipe(Set.of())) {
            assertThatThrownBy(() -> pages.mmap(fd, new ByteRange(5, 4096)).close())
                    .hasMessage(fd + ": mmap at 5+4096: Invalid argument (EINVAL)");
            assertThatThrownBy(() -> pages.mmap(fd, new ByteRange(0, 0)).close())
                    .hasMessage(fd + ": mmap at 0+0: Invalid argument (EINVAL)");
            assertThatThrownBy(() -> pages.mmap(fd, new ByteRange(0, 1L << 60)).close())
                    .hasMessage(fd + ": mmap at 0+1152921504606846976: Cannot allocate memory (ENOMEM)");
            assertThatThrownBy(() -> pages.mmap(writer, new ByteRange(0, 4096)).close())
                    .hasMessage(fd + ": mmap at 0+4096: Permission denied (EACCES)");
            assertThatThrownBy(() ->
                            pages.mmap(pipe.readEnd(), new ByteRange(0, 4096)).close())
                    .hasMessage(pipe.readEnd() + ": mmap at 0+4096: No such device (ENODEV)");
        }
    }

    @Test
    void refusesVectorsThatAreTooSmallAndMapsThatAreClosed() throws IOException {
        try (var fd = open();
                var vector = NativeBuffer.allocate(2);
                var room = NativeBuffer.allocate(3)) {
            var map = pages.mmap(fd, new ByteRange(0, 2L * pages.pageBytes() + 1));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pages.mincore(map, vector))
                    .withMessage("3 pages do not fit in 2 bytes");
            map.close();
            map.close();
            assertThatIllegalStateException().isThrownBy(() -> pages.mincore(map, room));
        }
        assertThat(Files.readString(Path.of("/proc/self/maps"))).doesNotContain("/sparse");
    }
}
