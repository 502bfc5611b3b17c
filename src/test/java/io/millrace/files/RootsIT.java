// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.FileCalls;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.Scratch;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.FaultyPosix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be opened by name from outside, by openat2 and without it. */
class RootsIT {
    private static final String NOT_BELOW = ": is not below a configured root: ";
    private static final String LINK = ": leads through a symbolic link";

    enum Way {
        AT_ONCE,
        STEP_BY_STEP;

        /** The calls of this machine, or of one without openat2. */
        FileCalls calls() {
            var faulty = new FaultyPosix(LinuxPosix.create());
            if (this == STEP_BY_STEP) {
                faulty.fail("openAt2", Errno.ENOSYS);
            }
            return faulty.posix().files();
        }
    }

    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private Path in;

    @BeforeEach
    void plant() throws IOException {
        in = Files.createDirectories(scratch.file("in"));
        Files.createDirectories(in.resolve("a/b"));
        Files.writeString(in.resolve("a/b/file"), "inside");
        Files.createDirectories(scratch.file("out/b"));
        Files.writeString(scratch.file("out/b/file"), "outside");
        Files.createSymbolicLink(in.resolve("inward"), Path.of("a"));
        Files.createSymbolicLink(in.resolve("outward"), Path.of("../out"));
        Files.createSymbolicLink(in.resolve("absolute"), scratch.file("out"));
        Files.createSymbolicLink(in.resolve("a/b/last"), scratch.file("out/b/file"));
        Files.createSymbolicLink(in.resolve("dangling"), Path.of("nowhere"));
    }

    private static Roots roots(Way way, Path... trees) {
        return new Roots(way.calls(), Arrays.stream(trees).map(Scratch::path).toList());
    }

    private static BytePath path(Object text) {
        return BytePath.of(text.toString());
    }

    private static String read(Roots roots, Object path) throws IOException {
        try (var fd = roots.open(path(path), Set.of());
                var buffer = NativeBuffer.allocate(100)) {
            assertThat(fd.subject()).isEqualTo(path.toString());
            int count = LinuxPosix.create().io().pread(fd, buffer, new ByteRange(0, 100));
            var bytes = new byte[count];
            buffer.first(count).get(bytes);
            return new String(bytes);
        }
    }

    private static String named(Roots roots) {
        return roots.trees().isEmpty()
                ? "no roots are configured"
                : roots.trees().stream().map(BytePath::display).collect(Collectors.joining(", "));
    }

    private static void refused(Roots roots, BytePath path, String why, OpenFlag... flags) {
        assertThatThrownBy(() -> roots.open(path, Set.of(flags)).close())
                .isInstanceOf(OutsideRootsException.class)
                .hasMessage(path + why + (why.equals(NOT_BELOW) ? named(roots) : ""));
    }

    @ParameterizedTest
    @EnumSource
    void opensATreeAndWhatIsBelowIt(Way way) throws IOException {
        var roots = roots(way, scratch.file("out"), in);
        assertThat(read(roots, in + "/a/b/file")).isEqualTo("inside");
        assertThat(read(roots, scratch.directory() + "/out/b/file")).isEqualTo("outside");
        assertThat(read(roots, "//" + in + "/./a//b/././file")).isEqualTo("inside");
        for (Path directory : List.of(in, in.resolve("a"), in.resolve("a/b"))) {
            try (var fd = roots.open(path(directory + "/"), Set.of(OpenFlag.DIRECTORY));
                    var place = roots.open(path(directory), Set.of(OpenFlag.PATH, OpenFlag.NO_FOLLOW))) {
                var files = scratch.posix().files();
                assertThat(files.status(fd).isSameFileAs(files.status(Scratch.path(directory))))
                        .isTrue();
                assertThat(files.status(place).isSameFileAs(files.status(fd))).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void handsTheFlagsToTheKernel(Way way) throws IOException {
        var file = path(in + "/a/b/file");
        try (var fd = roots(way, in).open(file, Set.of(OpenFlag.READ_WRITE, OpenFlag.NONBLOCK))) {
            int expected = OpenFlag.READ_WRITE.bits | OpenFlag.NONBLOCK.bits | OpenFlag.O_CLOEXEC;
            assertThat(Scratch.flags(fd) & expected).isEqualTo(expected);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> roots(way, in).open(file, Set.of(OpenFlag.CREATE)).close());
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        roots(way, in).open(file, Set.of(OpenFlag.TEMPORARY)).close());
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatIsNotBelow(Way way) throws IOException {
        var neighbour = Files.createDirectories(scratch.file("inn"));
        var roots = roots(way, in);
        refused(roots, path(neighbour), NOT_BELOW);
        refused(roots, path(neighbour + "/a"), NOT_BELOW);
        refused(roots, path(in.getParent()), NOT_BELOW);
        refused(roots, path("/"), NOT_BELOW);
        refused(roots, path("/etc/passwd"), NOT_BELOW);
        refused(roots(way), path(in), NOT_BELOW);
        refused(roots, path("a/b/file"), ": is not absolute");
        refused(roots, path("."), ": is not absolute");
        refused(roots, path(in + "/a/../a/b/file"), ": contains '..'");
        refused(roots, path(in + "/../out/b/file"), ": contains '..'");
        refused(roots, path(in + "/a/.."), ": contains '..'");
        refused(roots, path(in).resolve(new byte[] {'a', 0, 'b'}), ": contains a NUL byte");
        assertThat(read(roots(way, Path.of("/")), in + "/a/b/file")).isEqualTo("inside");
    }

    @ParameterizedTest
    @EnumSource
    void followsNoLinkBelowATree(Way way) {
        var roots = roots(way, in);
        for (String name : List.of("inward/b/file", "outward/b/file", "absolute/b/file", "a/b/last", "dangling")) {
            refused(roots, path(in + "/" + name), LINK);
        }
        for (String name : List.of("inward", "outward", "absolute", "a/b/last", "dangling")) {
            var link = path(in + "/" + name);
            refused(roots, link, LINK, OpenFlag.NO_FOLLOW);
            refused(roots, link, LINK, OpenFlag.PATH);
            refused(roots, link, LINK, OpenFlag.PATH, OpenFlag.NO_FOLLOW);
            refused(roots, link, LINK, OpenFlag.DIRECTORY);
            refused(roots, link, LINK, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW);
            refused(roots, link, LINK, OpenFlag.PATH, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW);
        }
    }

    @ParameterizedTest
    @EnumSource
    void followsNoMagicLink(Way way) throws IOException {
        long pid = ProcessHandle.current().pid();
        var roots = roots(way, Path.of("/proc"));
        try (var fd = scratch.create("held")) {
            for (String name : List.of("fd/" + fd.number(), "cwd", "root/etc/passwd", "task/" + pid + "/exe")) {
                refused(roots, path("/proc/" + pid + "/" + name), LINK);
            }
            refused(roots, path("/proc/self/stat"), LINK);
            assertThat(read(roots, "/proc/" + pid + "/stat")).startsWith(pid + " ");
        }
    }

    @ParameterizedTest
    @EnumSource
    void reachesATreeThroughLinksAndWhatTheOperatorPutsInItsPlace(Way way) throws IOException {
        var tree = Files.createSymbolicLink(scratch.file("tree"), in);
        var roots = roots(way, tree, scratch.file("tree/inward"));
        assertThat(read(roots, tree + "/a/b/file")).isEqualTo("inside");
        assertThat(read(roots, tree + "/inward/b/file"))
                .as("the longest tree counts, though the shorter would refuse it")
                .isEqualTo("inside");
        refused(roots, path(tree + "/outward/b/file"), LINK);
        refused(roots, path(in + "/a/b/file"), NOT_BELOW);
        Files.delete(tree);
        assertThatThrownBy(() -> read(roots, tree + "/b/file")).hasMessageEndingWith("(ENOENT)");
        Files.createSymbolicLink(tree, scratch.file("out"));
        assertThat(read(roots, tree + "/b/file")).isEqualTo("outside");
    }

    @ParameterizedTest
    @EnumSource
    void passesOnWhatElseIsWrong(Way way) throws IOException {
        var roots = roots(way, in, in.resolve("a/b/file"));
        failed(roots, in + "/gone", Errno.ENOENT);
        failed(roots, in + "/gone/deeper", Errno.ENOENT);
        failed(roots, in + "/a/b/" + "n".repeat(256), Errno.ENAMETOOLONG);
        failed(roots, in + "/a/b/file", Errno.ENOTDIR);
        failed(roots, in + "/a/b", Errno.EISDIR, OpenFlag.WRITE_ONLY);
        Files.writeString(in.resolve("plain"), "");
        failed(roots, in + "/plain/x", Errno.ENOTDIR);
        failed(roots, in + "/plain", Errno.ENOTDIR, OpenFlag.DIRECTORY);
    }

    private static void failed(Roots roots, String path, Errno why, OpenFlag... flags) {
        assertThatThrownBy(() -> roots.open(path(path), Set.of(flags)).close())
                .isInstanceOf(PosixException.class)
                .hasMessageStartingWith(path + ": open")
                .hasMessageEndingWith("(" + why + ")");
    }

    @ParameterizedTest
    @EnumSource
    void opensTheDirectoryAroundANameAndItCanBeSynced(Way way) throws IOException {
        var roots = roots(way, in, scratch.file("in/a"));
        var files = scratch.posix().files();
        for (String name : List.of("/new", "/a", "/a/new", "/a/b/new", "/a/b//last")) {
            var path = path(in + name);
            try (var parent = roots.openParent(path)) {
                assertThat(files.status(parent).isSameFileAs(files.status(path.parent())))
                        .isTrue();
                files.fsync(parent);
            }
        }
        for (Path name : List.of(in, Path.of("/"), scratch.file("new"))) {
            assertThatThrownBy(() -> roots.openParent(path(name)).close()).isInstanceOf(OutsideRootsException.class);
        }
        assertThatThrownBy(() -> roots.openParent(path(in + "/inward/new")).close())
                .hasMessage(in + "/inward/new" + LINK);
        assertThatThrownBy(() -> roots.openParent(path(in + "/a/.")).close())
                .hasMessage(in + "/a/.: does not end in a name");
        assertThatThrownBy(() ->
                        roots.openParent(path(in + "/a/new/")).close()) // which open(2) and rename(2) refuse as well
                .hasMessage(in + "/a/new/: does not end in a name");
        assertThatThrownBy(() -> roots.openParent(path(in + "/a/..")).close()).hasMessage(in + "/a/..: contains '..'");
        assertThatThrownBy(() -> roots.openParent(path(in + "/gone/new")).close())
                .hasMessageEndingWith("(ENOENT)");
    }

    @Test
    void asksForOpenat2OnceWhereThereIsNone() throws IOException {
        var faulty = new FaultyPosix(LinuxPosix.create());
        var missing = faulty.fail("openAt2", Errno.ENOSYS);
        var roots = new Roots(faulty.posix().files(), List.of(Scratch.path(in)));
        for (int i = 0; i < 5; i++) {
            assertThat(read(roots, in + "/a/b/file")).isEqualTo("inside");
        }
        assertThat(missing.injected()).isEqualTo(1);
        assertThat(read(new Roots(faulty.posix().files(), roots.trees()), in + "/a/b/file"))
                .isEqualTo("inside");
        assertThat(missing.injected()).isEqualTo(2);
    }

    @Test
    void walksWhereAFilterForbidsOpenat2AndSaysWhatTheWalkMet() throws IOException {
        var faulty = new FaultyPosix(LinuxPosix.create());
        faulty.fail("openAt2", Errno.EPERM);
        var roots = new Roots(faulty.posix().files(), List.of(Scratch.path(in)));
        assertThat(read(roots, in + "/a/b/file")).isEqualTo("inside");
        refused(roots, path(in + "/outward/b/file"), LINK);
        failed(roots, in + "/gone", Errno.ENOENT);
        faulty.fail("openAt", Errno.EPERM).on("/a/b/file");
        failed(roots, in + "/a/b/file", Errno.EPERM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"open", "openAt", "status"})
    void leavesNothingOpenWhateverFails(String call) throws IOException {
        for (int n = 1; n <= 3; n++) {
            var faulty = new FaultyPosix(LinuxPosix.create());
            faulty.fail("openAt2", Errno.ENOSYS);
            var fault = faulty.fail(call, Errno.EIO).fromCall(n).times(1);
            var roots = new Roots(faulty.posix().files(), List.of(Scratch.path(in)));
            boolean strikes = call.equals("openAt") || n == 1 || call.equals("status");
            if (strikes) {
                assertThatThrownBy(() -> roots.open(path(in + "/a/b/file"), Set.of(OpenFlag.PATH))
                                .close())
                        .hasMessageContaining("(EIO)");
            }
            assertThat(fault.injected()).isEqualTo(strikes ? 1 : 0);
        }
    }

    @Test
    void takesNoTreeThatCannotBeCompared() {
        for (String tree : List.of("srv", "/srv/../etc", "..")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Roots(scratch.posix().files(), List.of(path(tree))));
        }
    }
}
