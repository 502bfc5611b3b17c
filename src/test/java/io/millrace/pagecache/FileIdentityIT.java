// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.FileStatus;
import io.millrace.posix.IdentityCalls;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.PosixException;
import io.millrace.testkit.FaultyPosix;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That a file is the same after a remount, and another one after its inode was used again. */
class FileIdentityIT {
    private static FileIdentity identity(Posix posix, Path file) throws IOException {
        try (var fd = Stage.open(file)) {
            return FileIdentity.of(posix, fd, posix.files().status(fd));
        }
    }

    private static FileIdentity identity(Path file) throws IOException {
        return identity(Stage.POSIX, file);
    }

    private static FileStatus status(Path file) throws IOException {
        try (var fd = Stage.open(file)) {
            return Stage.POSIX.files().status(fd);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EXT4", "XFS", "BTRFS"})
    void isTheSameUnderAnotherNameAndOnAnotherDeviceNode(Kind kind) throws Exception {
        try (var mount = LoopMount.of(kind, 8)) {
            Path file = Files.writeString(mount.directory().resolve("file"), "content");
            Path other = Files.writeString(mount.directory().resolve("other"), "content");
            var is = identity(file);
            assertThat(is.fileSystem().isDurable()).isTrue();
            assertThat(identity(other)).isNotEqualTo(is);
            Path link = Files.createLink(mount.directory().resolve("link"), file);
            Path moved = Files.move(file, mount.directory().resolve("moved"));
            assertThat(List.of(identity(link), identity(moved))).containsOnly(is);
            long device = status(moved).device();

            mount.mountElsewhere();

            if (kind != Kind.BTRFS) { // whose device numbers stand for no node
                assertThat(status(moved).device()).isNotEqualTo(device);
            }
            assertThat(identity(moved)).isEqualTo(is);
            assertThat(identity(other).fileSystem()).isEqualTo(is.fileSystem());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EXT4", "XFS", "BTRFS", "TMPFS"})
    void isAnotherWhenTheInodeIsUsedAgain(Kind kind) throws Exception {
        try (var mount = LoopMount.of(kind, 8)) {
            var inodes = new HashSet<Long>();
            var identities = new ArrayList<FileIdentity>();
            int rounds = 0;
            // Xfs gives an inode number back some milliseconds after the deletion.
            while (rounds < 20
                    || (rounds < 400 && (kind == Kind.EXT4 || kind == Kind.XFS) && inodes.size() == rounds)) {
                rounds++;
                Thread.sleep(kind == Kind.XFS ? 10 : 0);
                Path file = Files.writeString(mount.directory().resolve("file"), "content");
                inodes.add(status(file).inode());
                identities.add(identity(file));
                Files.delete(file);
            }
            assertThat(identities).doesNotHaveDuplicates();
            if (kind == Kind.EXT4 || kind == Kind.XFS) {
                assertThat(inodes).as("inode numbers are used again").hasSizeLessThan(rounds);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EXT4", "XFS", "BTRFS"})
    void twoFileSystemsAreTwo(Kind kind) throws Exception {
        try (var one = LoopMount.of(kind, 8);
                var two = LoopMount.of(kind, 8)) {
            Path first = Files.writeString(one.directory().resolve("file"), "content");
            Path second = Files.writeString(two.directory().resolve("file"), "content");
            assertThat(identity(first).fileSystem())
                    .isNotEqualTo(identity(second).fileSystem());
        }
    }

    /** A kernel before 6.9. */
    @ParameterizedTest
    @EnumSource(names = {"EXT4", "XFS", "BTRFS", "TMPFS"})
    void withoutTheCallForTheUuidXfsIsKnownByItsDeviceOnly(Kind kind) throws Exception {
        Posix real = Stage.POSIX;
        var identities = (IdentityCalls) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {IdentityCalls.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("fileSystemUuid")) {
                        return Optional.empty();
                    }
                    try {
                        return method.invoke(real.identities(), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        var old = new Posix(
                real.files(),
                real.io(),
                real.space(),
                real.pages(),
                real.pipes(),
                real.terminals(),
                real.process(),
                real.children(),
                real.sockets(),
                real.watches(),
                identities);
        try (var mount = LoopMount.of(kind, 8)) {
            Path file = Files.writeString(mount.directory().resolve("file"), "content");
            var is = identity(old, file);
            boolean isDurable = kind == Kind.EXT4 || kind == Kind.BTRFS;
            assertThat(is.fileSystem().isDurable()).isEqualTo(isDurable);
            assertThat(is.fileSystem().key()).startsWith(isDurable ? "fsid:" : "device:");
            if (isDurable) {
                mount.mountElsewhere();
                assertThat(identity(old, file)).isEqualTo(is);
            }
        }
    }

    @Test
    void anErrorIsNotTakenForALack() throws Exception {
        var faulty = new FaultyPosix(Stage.POSIX);
        var fault = faulty.fail("generation", Errno.EIO);
        Path file = Files.createTempFile("millrace-identity-", "");
        try {
            assertThatThrownBy(() -> identity(faulty.posix(), file))
                    .isInstanceOf(PosixException.class)
                    .hasMessageContaining("EIO");
        } finally {
            Files.delete(file);
        }
        assertThat(fault.injected()).isEqualTo(1);
    }
}
