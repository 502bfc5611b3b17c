// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.files.TrustedPath;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of a pool's directory, say: {@link TrustedPath#exposure}. */
class PathExposureIT {
    private static final int NOBODY = 65534;

    @TempDir
    Path directory;

    private final Posix posix = LinuxPosix.create();
    private Path above;
    private Path pool;

    @BeforeEach
    void make() throws IOException {
        above = Files.createDirectory(directory.resolve("above"));
        pool = Files.createDirectories(above.resolve("between/pool"));
        mode(above, 0755);
        mode(pool.getParent(), 0755);
    }

    private Optional<String> exposure() {
        return TrustedPath.exposure(posix, BytePath.of(pool.toString()));
    }

    private static void mode(Path path, int mode) throws IOException {
        Files.setAttribute(path, "unix:mode", mode);
    }

    private static void owner(Path path, int user) throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "chown needs root");
        Files.setAttribute(path, "unix:uid", user);
    }

    @Test
    void isNoneBelowDirectoriesOfOnesOwn() {
        assertThat(exposure()).isEmpty();
    }

    @Test
    void isToldOfADirectoryThatEverybodyMayWrite() throws IOException {
        mode(above, 0777);
        assertThat(exposure().orElseThrow()).startsWith(above + ": everybody can write to this directory (mode 0777)");
        mode(above, 01777);
        assertThat(exposure()).isEmpty();
    }

    @Test
    void isToldOfADirectoryThatAGroupMayWrite() throws IOException {
        mode(above, 0775);
        assertThat(exposure()).as("our own group").isEmpty();
        assumeTrue("root".equals(System.getProperty("user.name")), "chgrp needs root");
        Files.setAttribute(above, "unix:gid", NOBODY);
        assertThat(exposure().orElseThrow()).startsWith(above + ": ").contains("group ", "(mode 0775)");
    }

    @Test
    void isToldOfADirectoryOfAnotherUser() throws IOException {
        owner(above, NOBODY);
        assertThat(exposure().orElseThrow()).startsWith(above + ": belongs to user 65534");
    }

    @Test
    void isToldOfAnotherUsersDirectoryInAStickyOne() throws IOException {
        owner(pool, NOBODY);
        mode(pool.getParent(), 01777);
        assertThat(exposure().orElseThrow()).startsWith(pool + ": belongs to user 65534");
    }

    @Test
    void isNotKnownOfAPathThatIsNotThere() {
        pool = above.resolve("nowhere/pool");
        assertThat(exposure()).isEmpty();
    }
}
