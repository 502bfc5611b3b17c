// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.FileCalls;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.Scratch;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.Command;
import io.millrace.testkit.FaultyPosix;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests longer than PATH_MAX below a root: 60 directories of 255 bytes each. */
class RootsDeepIT {
    private static final int DEPTH = 60;
    private static final String NAME = "d".repeat(255);
    /** So many components, with the slashes between them, are as long as a path may be: 4095 bytes. */
    private static final int AT_THE_LIMIT = 16;

    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private final FaultyPosix counting = new FaultyPosix(LinuxPosix.create());
    private final FileCalls files = scratch.posix().files();
    private Roots roots;

    @BeforeEach
    void digDown() throws Exception {
        Command.run(
                "sh",
                "-ec",
                "cd \"$1\"; i=0; while [ $i -lt $3 ]; do mkdir \"$2\"; cd -P \"./$2\"; i=$((i + 1)); done; "
                        + "echo inside >file; ln -s file link",
                "sh",
                scratch.directory(),
                NAME,
                DEPTH);
        roots = new Roots(counting.posix().files(), List.of(Scratch.path(scratch.directory())));
    }

    private BytePath below(int depth, String name) {
        return BytePath.of(scratch.directory() + ("/" + NAME).repeat(depth) + name);
    }

    @Test
    void opensAndRefusesAsAnywhere() throws IOException {
        try (var fd = roots.open(below(DEPTH, "/file"), Set.of());
                var parent = roots.openParent(below(DEPTH, "/new"))) {
            assertThat(files.status(fd).isSameFileAs(files.status(below(DEPTH, "/file"))))
                    .isTrue();
            files.rename(parent, "file".getBytes(), "new".getBytes(), below(DEPTH, "/new"));
            assertThat(files.status(fd).isSameFileAs(files.status(below(DEPTH, "/new"))))
                    .isTrue();
        }
        assertThatThrownBy(() -> roots.open(below(DEPTH, "/link"), Set.of()).close())
                .isInstanceOf(OutsideRootsException.class)
                .hasMessageEndingWith("/link: leads through a symbolic link");
        assertThatThrownBy(() -> roots.open(below(DEPTH, "/../" + NAME + "/file"), Set.of())
                        .close())
                .isInstanceOf(OutsideRootsException.class);
        assertThatThrownBy(() -> roots.open(below(DEPTH, "/gone"), Set.of()).close())
                .hasMessageEndingWith("/gone: open: No such file or directory (ENOENT)");
    }

    @Test
    void goesAtOnceAsFarAsTheKernelDoes() throws IOException {
        var asked = counting.fail("openAt2", Errno.EIO).fromCall(1_000_000);
        for (int depth = AT_THE_LIMIT - 1; depth <= AT_THE_LIMIT + 1; depth++) {
            try (var fd = roots.open(below(depth, ""), Set.of(OpenFlag.DIRECTORY))) {
                assertThat(files.status(fd).isSameFileAs(files.status(below(depth, ""))))
                        .isTrue();
            }
            assertThat(asked.calls()).as("depth " + depth).isEqualTo(depth <= AT_THE_LIMIT ? depth - 14 : 2);
        }
    }
}
