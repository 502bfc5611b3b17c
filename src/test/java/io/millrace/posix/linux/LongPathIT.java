// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.millrace.posix.FileCalls;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.Scratch;
import io.millrace.testkit.Command;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every call that takes a path, beyond PATH_MAX: 60 directories of 255 bytes each. */
class LongPathIT {
    private static final int DEPTH = 60;
    private static final String NAME = "d".repeat(255);

    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private final FileCalls files = scratch.posix().files();
    private BytePath deep;

    @BeforeEach
    void digDown() throws Exception {
        Command.run(
                "sh",
                "-ec",
                "cd \"$1\"; i=0; while [ $i -lt $3 ]; do mkdir \"$2\"; cd -P \"./$2\"; i=$((i + 1)); done",
                "sh",
                scratch.directory(),
                NAME,
                DEPTH);
        deep = BytePath.of(scratch.directory() + ("/" + NAME).repeat(DEPTH));
        assertThat(deep.toBytes()).hasSizeGreaterThan(15_000);
    }

    private BytePath below(String name) {
        return deep.resolve(name.getBytes());
    }

    private void make(String name) throws IOException {
        files.create(below(name), Set.of(OpenFlag.WRITE_ONLY, OpenFlag.CREATE, OpenFlag.EXCLUSIVE), 0600)
                .close();
    }

    @Test
    void opensListsAndTellsTheStatus() throws IOException {
        make("a");
        try (var fd = files.open(below("a"), Set.of(OpenFlag.READ_WRITE));
                var list = files.list(files.open(deep, Set.of(OpenFlag.DIRECTORY)), deep)) {
            files.truncate(fd, 77);
            assertThat(files.status(below("a")).sizeBytes()).isEqualTo(77);
            assertThat(list.nextBatch()).hasSize(1);
        }
        assertThat(files.isWritable(below("a"))).isTrue();
        assertThat(files.isWritable(below("b"))).isFalse();
        assertThat(files.isWritable(below("b/c/" + "/".repeat(5000)))).isFalse();
    }

    @Test
    void linksRenamesAndUnlinks() throws IOException {
        make("a");
        files.link(below("a"), below("b"));
        assertThatThrownBy(() -> files.link(below("a"), below("b")))
                .hasMessage(below("b") + ": linkat: File exists (EEXIST)");
        files.renameNoReplace(below("b"), BytePath.of(scratch.file("top").toString()));
        files.renameNoReplace(BytePath.of(scratch.file("top").toString()), below("c"));
        assertThatThrownBy(() -> files.renameNoReplace(below("a"), below("c")))
                .hasMessageEndingWith("/c: renameat2: File exists (EEXIST)");
        assertThat(files.status(below("c")).links()).isEqualTo(2);
        files.unlink(below("a"));
        files.unlink(below("c"));
        assertThatThrownBy(() -> files.status(below("a")))
                .hasMessageEndingWith("/a: statx: No such file or directory (ENOENT)");
    }

    @Test
    void givesANameToAFileThatHadNone() throws IOException {
        try (var fd = files.create(deep, Set.of(OpenFlag.WRITE_ONLY, OpenFlag.TEMPORARY), 0600)) {
            files.linkFile(fd, below("born"));
        } catch (PosixException e) {
            assumeFalse(e.is(Errno.EOPNOTSUPP), "no O_TMPFILE here");
            throw e;
        }
        assertThat(files.status(below("born")).links()).isEqualTo(1);
    }

    @Test
    void cutsAtEveryLengthAroundTheLimit() throws IOException {
        var file = scratch.write("f", new byte[9]);
        for (int length = 4085; length <= 4105; length++) {
            int room = length - scratch.directory().toString().length() - "/f".length();
            var slashes = BytePath.of(scratch.directory() + "/".repeat(room) + "/f");
            var dots = BytePath.of(scratch.directory() + "/.".repeat(room / 2) + "/".repeat(1 + room % 2) + "f");
            assertThat(slashes.toBytes()).hasSize(length);
            assertThat(dots.toBytes()).hasSize(length);
            assertThat(files.status(slashes).inode())
                    .isEqualTo(files.status(dots).inode())
                    .isEqualTo(files.status(Scratch.path(file)).inode());
        }
    }

    @Test
    void acceptsSlashesAtTheEndAndFromTheStart() throws IOException {
        var here = files.status(Scratch.path(scratch.directory()));
        for (int slashes : new int[] {1, 4090, 4095, 4096, 9000}) {
            assertThat(files.status(BytePath.of(scratch.directory() + "/".repeat(slashes)))
                            .isSameFileAs(here))
                    .isTrue();
            assertThat(files.status(BytePath.of("/".repeat(slashes) + scratch.directory()))
                            .isSameFileAs(here))
                    .isTrue();
        }
        assertThat(files.status(BytePath.of("./".repeat(3000)))).isEqualTo(files.status(BytePath.of(".")));
    }

    @Test
    void refusesWhatNoDirectoryCanHold() {
        refused("n".repeat(5000), Errno.ENAMETOOLONG);
        refused("/" + "n".repeat(5000), Errno.ENAMETOOLONG);
        refused(deep + "/" + "n".repeat(256), Errno.ENAMETOOLONG);
        refused(deep + "/gone/a", Errno.ENOENT);
        refused("/dev/null/" + "x/".repeat(3000), Errno.ENOTDIR);
    }

    private void refused(String path, Errno why) {
        assertThatThrownBy(() -> files.open(BytePath.of(path), Set.of()).close())
                .hasMessage(path + ": open: " + why.message() + " (" + why + ")");
    }
}
