// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads past the page cache, and stores into it that change nothing. */
class DirectReadIT {
    private static final Posix POSIX = LinuxPosix.create();
    private static final int BUFFER_BYTES = 64 << 10;

    @TempDir
    Path directory;

    private static OwnedFd open(Path file, OpenFlag... flags) throws PosixException {
        return POSIX.files().open(BytePath.of(file.toString()), Set.of(flags));
    }

    private static byte[] write(Path file, int length) throws IOException {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        Files.write(file, content);
        try (var fd = open(file, OpenFlag.READ_WRITE)) {
            POSIX.files().fsync(fd);
        }
        return content;
    }

    @ParameterizedTest
    @EnumSource(names = {"EXT4", "XFS", "BTRFS"})
    void readsToTheEndOfAFileOfAnyLengthAndIsCounted(Kind kind) throws Exception {
        try (var mount = LoopMount.of(kind, 8);
                var buffer = NativeBuffer.allocate(BUFFER_BYTES)) {
            buffer.first(BUFFER_BYTES)
                    .put(new byte[BUFFER_BYTES]); // btrfs reads by the page cache into pages that are not there
            for (int length : new int[] {4096, 4097, 8192 + 512, 20_000, 65_535}) {
                Path file = mount.directory().resolve("file" + length);
                byte[] content = write(file, length);
                try (var fd = open(file, OpenFlag.DIRECT)) {
                    long before = POSIX.process().threadUsage().inputBytes();
                    int count = POSIX.io().preadDirect(fd, buffer, new ByteRange(0, BUFFER_BYTES));
                    long read = POSIX.process().threadUsage().inputBytes() - before;
                    byte[] seen = new byte[length];
                    buffer.first(length).get(seen);
                    assertThat(count).isEqualTo(length);
                    assertThat(seen).isEqualTo(content);
                    assertThat(read).as("bytes that the device gave").isGreaterThanOrEqualTo(length);
                    assertThat(POSIX.io().preadDirect(fd, buffer, new ByteRange(BUFFER_BYTES, BUFFER_BYTES)))
                            .isZero();
                }
            }
        }
    }

    @Test
    void theSameDescriptorCanBeTurnedToTheDeviceAndBack() throws Exception {
        try (var mount = LoopMount.of(Kind.EXT4, 8);
                var buffer = NativeBuffer.allocate(BUFFER_BYTES)) {
            Path file = mount.directory().resolve("file");
            byte[] unused = write(file, BUFFER_BYTES);
            try (var fd = open(file)) {
                assertThat(read(fd, buffer)).as("of what the page cache has").isZero();
                POSIX.io().setDirect(fd, true);
                assertThat(read(fd, buffer)).isEqualTo(BUFFER_BYTES);
                POSIX.io().setDirect(fd, false);
                assertThat(read(fd, buffer)).isZero();
            }
        }
    }

    private static long read(OwnedFd fd, NativeBuffer buffer) throws PosixException {
        long before = POSIX.process().threadUsage().inputBytes();
        assertThat(POSIX.io().preadDirect(fd, buffer, new ByteRange(0, BUFFER_BYTES)))
                .isEqualTo(BUFFER_BYTES);
        return POSIX.process().threadUsage().inputBytes() - before;
    }

    @Test
    void extFourTellsOfFilesThatCannotBeReadSo() throws Exception {
        try (var mount = LoopMount.of(Kind.EXT4, 8, "-O", "inline_data")) {
            Path tiny = Files.writeString(mount.directory().resolve("tiny"), "inline");
            Path big = mount.directory().resolve("big");
            byte[] unused = write(big, 10_000);
            try (var tinyFd = open(tiny);
                    var bigFd = open(big)) {
                assertThat(POSIX.files().directAlignment(tinyFd).orElseThrow().isSupported())
                        .isFalse();
                assertThat(POSIX.files().directAlignment(bigFd).orElseThrow().isSupported())
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EXT4", "XFS", "BTRFS", "TMPFS"})
    void addingZeroChangesNothingButMakesThePageDirty(Kind kind) throws Exception {
        try (var mount = LoopMount.of(kind, 8)) {
            Path file = mount.directory().resolve("file");
            byte[] content = write(file, 3 * 4096 + 1);
            try (var fd = open(file, OpenFlag.READ_WRITE)) {
                var range = new ByteRange(4096, 2 * 4096 + 1);
                try (var map = POSIX.pages().mmapWritable(fd, range)) {
                    POSIX.pages().addZero(map, 4096);
                    POSIX.pages().addZero(map, 3 * 4096);
                    if (kind != Kind.TMPFS) {
                        assertThat(POSIX.pages()
                                        .cachestat(fd, new ByteRange(0, content.length))
                                        .dirty())
                                .isPositive();
                    }
                    POSIX.pages().msync(map);
                }
                if (kind != Kind.TMPFS) {
                    assertThat(POSIX.pages()
                                    .cachestat(fd, new ByteRange(0, content.length))
                                    .dirty())
                            .isZero();
                }
            }
            assertThat(Files.readAllBytes(file)).isEqualTo(content);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 1_700_000_000_123_456_789L, -86_400_000_000_001L})
    void theTimeOfTheLastChangeCanBeSetBack(long nanos) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "content");
        try (var fd = open(file, OpenFlag.READ_WRITE)) {
            POSIX.files().setModified(fd, nanos);
            assertThat(POSIX.files().status(fd).modifiedNanos()).isEqualTo(nanos);
        }
    }

    /** Stores into a page of a file that has shrunk, and says what came of it. */
    static final class StoreBeyondTheEnd {
        public static void main(String[] arguments) throws IOException {
            Path file = Path.of(arguments[0]);
            Files.write(file, new byte[4096]);
            try (var fd = open(file, OpenFlag.READ_WRITE);
                    var map = POSIX.pages().mmapWritable(fd, new ByteRange(0, 4096))) {
                POSIX.pages().addZero(map, 0);
                POSIX.files().truncate(fd, 0);
                POSIX.pages().addZero(map, 0);
                System.out.println("stored beyond the end");
            } catch (PosixException e) {
                System.out.println(e.getMessage());
            }
            System.out.println("alive");
        }
    }

    @Test
    void aFileThatShrinksUnderAMappingIsAnErrorAndNotTheEndOfTheProcess() throws Exception {
        Path file = directory.resolve("file");
        var result = ChildJvm.of(StoreBeyondTheEnd.class, file).run();
        assertThat(result.out())
                .as(result.toString())
                .isEqualTo(file + ": futex at 0+4: Bad address (EFAULT)\nalive\n");
    }

    @Test
    void aMappingThatIsClosedTakesNothingMore() throws Exception {
        Path file = directory.resolve("file");
        byte[] unused = write(file, 4096);
        try (var fd = open(file, OpenFlag.READ_WRITE)) {
            var map = POSIX.pages().mmapWritable(fd, new ByteRange(0, 4096));
            map.close();
            assertThatThrownBy(() -> POSIX.pages().addZero(map, 0)).isInstanceOf(IllegalStateException.class);
        }
        try (var fd = open(file)) {
            assertThatThrownBy(() -> POSIX.pages().mmapWritable(fd, new ByteRange(0, 4096)))
                    .hasMessageContaining("mmap at 0+4096: Permission denied (EACCES)");
        }
    }
}
