// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.millrace.posix.FileCalls.ResolveFlag;
import io.millrace.posix.FileCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Calls of FileCalls that give, move and take names, or refuse a way to them. */
class NamesIT {
    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private final FileCalls files = scratch.posix().files();

    @Test
    void givesANameToAFileThatHadNoneAndNeverReplaces() throws IOException {
        try (var fd = temporary();
                var byte1 = NativeBuffer.allocate(1)) {
            byte1.first(1).put((byte) 'x');
            scratch.posix().io().pwrite(fd, byte1, new ByteRange(0, 1));
            assertThat(scratch.directory()).isEmptyDirectory();
            var name = Scratch.path(scratch.file("born"));
            files.linkFile(fd, name);
            assertThat(scratch.file("born")).hasContent("x");
            assertThatThrownBy(() -> files.linkFile(fd, name)).hasMessage(name + ": linkat: File exists (EEXIST)");
            assertThatThrownBy(() -> files.linkFile(fd, BytePath.of("/proc/born")))
                    .hasMessageMatching("/proc/born: linkat: .* \\((EXDEV|ENOENT)\\)");
        }
    }

    private OwnedFd temporary() throws PosixException {
        try {
            return files.create(
                    Scratch.path(scratch.directory()), Set.of(OpenFlag.READ_WRITE, OpenFlag.TEMPORARY), 0600);
        } catch (PosixException e) {
            assumeFalse(e.is(Errno.EOPNOTSUPP), "no O_TMPFILE on this file system");
            throw e;
        }
    }

    @Test
    void renamesOnlyWhereNothingIsReplaced() throws IOException {
        var one = scratch.write("one", "1".getBytes());
        var two = scratch.write("two", "2".getBytes());
        assertThatThrownBy(() -> files.renameNoReplace(Scratch.path(one), Scratch.path(two)))
                .hasMessage(two + ": renameat2: File exists (EEXIST)");
        assertThat(one).hasContent("1");
        assertThat(two).hasContent("2");
        files.renameNoReplace(Scratch.path(one), Scratch.path(scratch.file("three")));
        assertThat(one).doesNotExist();
        assertThat(scratch.file("three")).hasContent("1");
        assertThatThrownBy(() -> files.renameNoReplace(Scratch.path(one), Scratch.path(scratch.file("four"))))
                .hasMessage(scratch.file("four") + ": renameat2: No such file or directory (ENOENT)");
    }

    @Test
    void linksANameOnce() throws IOException {
        var one = scratch.write("one", new byte[1]);
        var two = scratch.file("two");
        files.link(Scratch.path(one), Scratch.path(two));
        assertThat(files.status(Scratch.path(two)).links()).isEqualTo(2);
        assertThatThrownBy(() -> files.link(Scratch.path(one), Scratch.path(two)))
                .hasMessage(two + ": linkat: File exists (EEXIST)");
    }

    @Test
    void unlinksFilesOnly() throws IOException {
        var file = scratch.write("a", new byte[1]);
        files.unlink(Scratch.path(file));
        assertThat(file).doesNotExist();
        assertThatThrownBy(() -> files.unlink(Scratch.path(file)))
                .hasMessage(file + ": unlink: No such file or directory (ENOENT)");
        var directory = Files.createDirectory(scratch.file("d"));
        assertThatThrownBy(() -> files.unlink(Scratch.path(directory)))
                .hasMessage(directory + ": unlink: Is a directory (EISDIR)");
    }

    @Test
    void keepsWithinADirectory() throws IOException {
        scratch.write("inside", "in".getBytes());
        Files.createSymbolicLink(scratch.file("out"), Path.of("/etc/passwd"));
        Files.createSymbolicLink(scratch.file("in"), Path.of("inside"));
        resolve("inside", ResolveFlag.BENEATH);
        resolve("in", ResolveFlag.BENEATH);
        resolve("/inside", ResolveFlag.IN_ROOT);
        refused("../" + scratch.directory().getFileName() + "/inside", Errno.EXDEV, ResolveFlag.BENEATH);
        refused("/etc/passwd", Errno.EXDEV, ResolveFlag.BENEATH);
        refused("out", Errno.EXDEV, ResolveFlag.BENEATH);
        refused("out", Errno.ENOENT, ResolveFlag.IN_ROOT);
        refused("in", Errno.ELOOP, ResolveFlag.NO_SYMLINKS);
        refused("/proc/version", Errno.EXDEV, ResolveFlag.NO_XDEV);
        refused("/proc/self/exe", Errno.ELOOP, ResolveFlag.NO_MAGICLINKS);
        refused("x/".repeat(2048), Errno.ENAMETOOLONG);
    }

    private void resolve(String path, ResolveFlag... ways) throws IOException {
        try (var directory = scratch.openDirectory()) {
            files.openAt2(directory, BytePath.of(path), Set.of(), Set.of(ways)).close();
        } catch (PosixException e) {
            assumeFalse(e.is(Errno.ENOSYS), "no openat2 here");
            throw e;
        }
    }

    private void refused(String path, Errno why, ResolveFlag... ways) {
        assertThatThrownBy(() -> resolve(path, ways))
                .as(path)
                .hasMessage(path + ": openat2: " + why.message() + " (" + why + ")");
    }
}
