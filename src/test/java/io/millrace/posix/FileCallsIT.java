// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.Scratch;
import io.millrace.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Opening, syncing, sizing and finding data. */
class FileCallsIT {
    private static final long GIB = 1L << 30;
    private static final long TIB = 1L << 40;

    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private final FileCalls files = scratch.posix().files();

    @Test
    void opensCloseOnExec() throws IOException {
        var file = scratch.write("a", new byte[1]);
        try (var fd = scratch.open(file);
                var directory = scratch.openDirectory();
                var at = files.openAt(directory, "a".getBytes(), Scratch.path(file), Set.of())) {
            assertThat(Scratch.flags(fd) & OpenFlag.O_CLOEXEC).isNotZero();
            assertThat(Scratch.flags(directory) & OpenFlag.O_CLOEXEC).isNotZero();
            assertThat(Scratch.flags(at) & OpenFlag.O_CLOEXEC).isNotZero();
            assertThat(at.subject()).isEqualTo(file.toString());
        }
    }

    @Test
    void handsEveryFlagToTheKernel() throws IOException {
        var file = scratch.write("a", new byte[1]);
        try (var fd = scratch.open(file, OpenFlag.READ_WRITE, OpenFlag.APPEND, OpenFlag.NONBLOCK, OpenFlag.NO_ATIME)) {
            int expected =
                    OpenFlag.READ_WRITE.bits | OpenFlag.APPEND.bits | OpenFlag.NONBLOCK.bits | OpenFlag.NO_ATIME.bits;
            assertThat(Scratch.flags(fd) & expected).isEqualTo(expected);
        }
        try (var fd = scratch.open(file, OpenFlag.WRITE_ONLY, OpenFlag.TRUNCATE)) {
            assertThat(files.status(fd).sizeBytes()).isZero();
        }
    }

    @Test
    void createsWithThePermissionsAskedFor() throws IOException {
        var path = Scratch.path(scratch.file("new"));
        try (var fd = files.create(path, Set.of(OpenFlag.WRITE_ONLY, OpenFlag.CREATE, OpenFlag.EXCLUSIVE), 0600)) {
            assertThat(files.status(fd).permissions()).isEqualTo(0600);
            files.chmod(fd, 06666);
            assertThat(files.status(fd).permissions()).as("whatever the umask").isEqualTo(06666);
        }
        assertThatThrownBy(() -> scratch.create("new").close()).hasMessage(path + ": open: File exists (EEXIST)");
    }

    @Test
    void namesTheFileAndTheReasonWhenItCannotOpen() throws Exception {
        var file = scratch.write("a", new byte[1]);
        var loop = Files.createSymbolicLink(scratch.file("loop"), Path.of("loop"));
        var fifo = scratch.file("fifo");
        Command.run("mkfifo", fifo);
        refused(scratch.file("gone"), "No such file or directory (ENOENT)");
        refused(file.resolve("below"), "Not a directory (ENOTDIR)");
        refused(loop, "Too many levels of symbolic links (ELOOP)");
        refused(loop, "Too many levels of symbolic links (ELOOP)", OpenFlag.NO_FOLLOW);
        refused(file, "Not a directory (ENOTDIR)", OpenFlag.DIRECTORY);
        refused(scratch.directory(), "Is a directory (EISDIR)", OpenFlag.WRITE_ONLY);
        refused(fifo, "No such device or address (ENXIO)", OpenFlag.WRITE_ONLY, OpenFlag.NONBLOCK);
        refused(scratch.file("n".repeat(256)), "File name too long (ENAMETOOLONG)");
        scratch.open(fifo, OpenFlag.NONBLOCK).close();
    }

    private void refused(Path file, String why, OpenFlag... flags) {
        assertThatThrownBy(() -> scratch.open(file, flags).close())
                .isInstanceOf(PosixException.class)
                .hasMessage(file + ": open: " + why);
    }

    @Test
    void escapesHostileNamesInMessages() {
        var path = Scratch.path(scratch.directory()).resolve(new byte[] {'a', '\n', 0x1B, (byte) 0xFF});
        assertThatThrownBy(() -> files.open(path, Set.of()).close())
                .hasMessage(scratch.directory() + "/a\\012\\033\\377: open: No such file or directory (ENOENT)");
    }

    @Test
    void syncsFilesAndDirectoriesButNotPipes() throws IOException {
        try (var fd = scratch.create("a");
                var directory = scratch.openDirectory();
                var pipe = scratch.posix().pipes().pipe(Set.of())) {
            files.fsync(fd);
            files.fdatasync(fd);
            files.fsync(directory);
            String name = pipe.readEnd().subject();
            assertThatThrownBy(() -> files.fsync(pipe.readEnd()))
                    .hasMessage(name + ": fsync: Invalid argument (EINVAL)");
            assertThatThrownBy(() -> files.fdatasync(pipe.readEnd()))
                    .hasMessage(name + ": fdatasync: Invalid argument (EINVAL)");
        }
    }

    @Test
    void setsLengthsFarBeyondTwoGibibytesWithoutReservingThem() throws IOException {
        scratch.assumeLength(6 * TIB);
        try (var fd = scratch.create("a");
                var reader = scratch.open(scratch.file("a"))) {
            files.truncate(fd, 5 * TIB + 1);
            assertThat(files.status(fd).sizeBytes()).isEqualTo(5 * TIB + 1);
            assertThat(files.status(fd).reservedBytes()).isLessThan(GIB);
            assertThatThrownBy(() -> files.truncate(fd, -1))
                    .hasMessageContaining(": ftruncate: Invalid argument (EINVAL)");
            assertThatThrownBy(() -> files.truncate(reader, 0)).hasMessageContaining("(EINVAL)");
        }
    }

    @Test
    void findsDataAndHolesBeyondTwoGibibytes() throws IOException {
        try (var fd = scratch.create("a");
                var page = NativeBuffer.allocate(65536)) {
            scratch.posix().io().pwrite(fd, page, new ByteRange(3 * GIB, 65536));
            files.truncate(fd, 5 * GIB);
            assertThat(files.seekHole(fd, 0)).hasValue(0);
            assertThat(files.seekData(fd, 0)).hasValue(3 * GIB);
            assertThat(files.seekData(fd, 3 * GIB + 5)).hasValue(3 * GIB + 5);
            assertThat(files.seekHole(fd, 3 * GIB)).hasValue(3 * GIB + 65536);
            assertThat(files.seekData(fd, 4 * GIB)).as("only a hole follows").isEmpty();
            assertThat(files.seekHole(fd, 5 * GIB)).as("beyond the end").isEmpty();
        }
    }

    @Test
    void namesTheOffsetWhenItCannotSeek() throws IOException {
        try (var pipe = scratch.posix().pipes().pipe(Set.of())) {
            assertThatThrownBy(() -> files.seekData(pipe.readEnd(), 7))
                    .hasMessage(pipe.readEnd() + ": lseek at 7+0: Illegal seek (ESPIPE)");
            assertThatIllegalArgumentException().isThrownBy(() -> files.seekHole(pipe.readEnd(), -1));
        }
    }

    @Test
    void knowsWhatMayBeExecuted() throws IOException {
        var file = scratch.write("a", new byte[1]);
        var path = Scratch.path(file);
        assertThat(files.isExecutable(path)).as("not even by root").isFalse();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr--r--"));
        assertThat(files.isExecutable(path)).isTrue();
        assertThat(files.isExecutable(Scratch.path(scratch.directory()))).isTrue();
        assertThat(files.isExecutable(path.resolve("below".getBytes()))).isFalse();
        assertThat(files.isExecutable(Scratch.path(scratch.file("gone")))).isFalse();
        assertThat(files.isExecutable(Scratch.path(scratch.file("n".repeat(5000)))))
                .isFalse();
    }

    @Test
    void refusesDescriptorsThatAreClosed() throws IOException {
        var fd = scratch.create("a");
        fd.close();
        fd.close();
        assertThatIllegalStateException().isThrownBy(() -> files.fsync(fd)).withMessage(fd + " is closed");
    }

    @Test
    void leavesStandardStreamsOpen() {
        try (var out = OwnedFd.standardOutput();
                var err = OwnedFd.standardError();
                var in = OwnedFd.standardInput()) {
            assertThat(out.procPath()).hasToString("/proc/self/fd/1");
            assertThat(err.number() + in.number()).isEqualTo(2);
        }
        assertThat(Path.of("/proc/self/fd/1")).exists();
    }
}
