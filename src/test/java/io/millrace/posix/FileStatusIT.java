// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.Scratch;
import io.millrace.testkit.Command;
import io.millrace.testkit.LoopMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** statx and statfs against stat(1). */
class FileStatusIT {
    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private final FileCalls files = scratch.posix().files();

    @Test
    void saysOfAFileWhatStatSays() throws Exception {
        var file = scratch.write("a", new byte[123_457]);
        Files.createLink(scratch.file("b"), file);
        Command.run("touch", "-d", "2033-05-18 03:33:20.123456789 UTC", file);
        Command.run("chmod", "4751", file);
        assumeTrue(scratch.posix().process().effectiveUser() == 0, "only root can give a file away");
        Command.run("chown", "4294967293:70001", file); // not negative, as an int would say
        try (var fd = scratch.open(file)) {
            scratch.posix().files().fsync(fd);
            saysTheSame(file, files.status(fd));
        }
        saysTheSame(file, files.status(Scratch.path(file)));
        assertThat(files.status(Scratch.path(file)).modifiedNanos()).isEqualTo(2_000_000_000_123_456_789L);
    }

    @Test
    void ordersTimesOfAnyYear() {
        long[] seconds = {
            Long.MIN_VALUE,
            -70_000_000_000L,
            -9_300_000_000L,
            -2_145_916_800L,
            -1,
            0,
            1,
            1_800_000_000L,
            9_223_372_036L,
            9_223_372_037L,
            10_413_792_000L,
            15_000_000_000L,
            900_000_000_000_000L,
            Long.MAX_VALUE / 2
        };
        long before = Long.MIN_VALUE;
        for (long second : seconds) {
            long time = FileStatus.time(second, 123_456_789);
            assertThat(time).as("%d s", second).isGreaterThanOrEqualTo(before);
            assertThat(time == before).as("%d s", second).isEqualTo(second == Long.MIN_VALUE);
            before = time;
        }
        assertThat(FileStatus.time(-1, 999_999_999)).isEqualTo(-1);
        assertThat(FileStatus.time(Long.MAX_VALUE, 0)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void saysOfOtherFilesWhatStatSays() throws Exception {
        Command.run("mkfifo", scratch.file("fifo"));
        for (Path file : new Path[] {scratch.file("fifo"), scratch.directory(), Path.of("/dev/null"), Path.of("/")}) {
            saysTheSame(file, files.status(Scratch.path(file)));
        }
        assertThat(type(scratch.file("fifo"))).isEqualTo(FileType.FIFO);
        assertThat(type(scratch.directory())).isEqualTo(FileType.DIRECTORY);
        assertThat(type(Path.of("/dev/null"))).isEqualTo(FileType.CHARACTER_DEVICE);
        assertThat(type(Path.of("/proc/self/mem"))).isEqualTo(FileType.REGULAR);
    }

    private FileType type(Path file) throws PosixException {
        return files.status(Scratch.path(file)).type();
    }

    private static void saysTheSame(Path file, FileStatus status) throws Exception {
        String ours = String.format(
                "%o %d %d %s %d %d %d %d",
                status.permissions(),
                status.uid() & 0xFFFF_FFFFL,
                status.gid(),
                status.deviceName(),
                status.inode(),
                status.links(),
                status.sizeBytes(),
                status.blocks512());
        assertThat(ours + nanos(status.modifiedNanos()) + nanos(status.changedNanos()))
                .isEqualTo(Command.run("stat", "-c", "%a %u %g %Hd:%Ld %i %h %s %b %.9Y %.9Z", file)
                        .strip());
    }

    private static String nanos(long time) {
        return String.format(" %d.%09d", time / 1_000_000_000, time % 1_000_000_000);
    }

    @Test
    void followsSymbolicLinksByPathButNotByName() throws IOException {
        var file = scratch.write("a", new byte[5]);
        var link = Files.createSymbolicLink(scratch.file("link"), Path.of("a"));
        try (var directory = scratch.openDirectory()) {
            var followed = files.status(Scratch.path(link));
            var itself = files.statusAt(directory, "link".getBytes(), Scratch.path(link));
            assertThat(followed.isSameFileAs(files.status(Scratch.path(file)))).isTrue();
            assertThat(itself.isSameFileAs(followed)).isFalse();
            assertThat(itself.type()).isEqualTo(FileType.SYMLINK);
            assertThat(itself.sizeBytes()).isEqualTo(1);
        }
    }

    @Test
    void namesTheFileThatItCannotSee() throws IOException {
        var gone = Scratch.path(scratch.file("gone"));
        String message = gone + ": statx: No such file or directory (ENOENT)";
        assertThatThrownBy(() -> files.status(gone)).hasMessage(message);
        try (var directory = scratch.openDirectory()) {
            assertThatThrownBy(() -> files.statusAt(directory, "gone".getBytes(), gone))
                    .hasMessage(message);
        }
    }

    @Test
    void tellsWhatMayBeWritten() throws IOException {
        var file = scratch.write("a", new byte[5]);
        assertThat(files.isWritable(Scratch.path(file))).isTrue();
        assertThat(files.isWritable(Scratch.path(scratch.file("gone")))).isFalse();
    }

    @Test
    void saysOfAFileSystemWhatStatSays() throws Exception {
        try (var mount = LoopMount.of(LoopMount.Kind.EXT4, 32)) { // nobody else writes to it meanwhile
            assertThat(describe(mount.directory())).isEqualTo(stat(mount.directory(), "%t %S %b %f %a"));
        }
        for (String place : new String[] {scratch.directory().toString(), "/dev/shm", "/proc", "/dev"}) {
            assertThat(describe(Path.of(place))).startsWith(stat(Path.of(place), "%t %S %b "));
        }
    }

    private String describe(Path place) throws IOException {
        try (var fd = scratch.open(place, OpenFlag.DIRECTORY)) {
            var status = files.fileSystem(fd);
            long block = status.blockBytes();
            return String.format(
                    "%x %d %d %d %d",
                    status.magic(),
                    block,
                    status.totalBytes() / block,
                    status.freeBytes() / block,
                    status.availableBytes() / block);
        }
    }

    private static String stat(Path place, String format) throws Exception {
        return Command.run("stat", "-f", "-c", format, place).replace("\n", "");
    }

    @Test
    void knowsTheFileSystemOfAPipeToo() throws IOException {
        try (var pipe = scratch.posix().pipes().pipe(Set.of())) {
            assertThat(files.fileSystem(pipe.readEnd()).magic()).isEqualTo(0x50495045); // PIPEFS_MAGIC
            assertThat(files.status(pipe.readEnd()).type()).isEqualTo(FileType.FIFO);
        }
    }
}
