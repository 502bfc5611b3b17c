// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.files.OutsideRootsException;
import io.millrace.files.Roots;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.prealloc.pool.PoolStage;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import io.millrace.testkit.FaultyPosix;
import io.millrace.testkit.Leftovers;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are claimed by a request from outside, and where such a request may not put them. */
class PoolClaimIT {
    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    private final FaultyPosix faulty = new FaultyPosix(LinuxPosix.create());
    private Path in;
    private Path out;

    @BeforeEach
    void plant() throws IOException {
        in = Files.createDirectories(directory.resolve("in/d")).getParent();
        out = Files.createDirectory(directory.resolve("out"));
    }

    private Roots roots(boolean hasOpenat2, Path... trees) {
        if (!hasOpenat2) {
            faulty.fail("openAt2", Errno.ENOSYS);
        }
        var paths = List.of(trees).stream().map(Path::toString).map(BytePath::of);
        return new Roots(faulty.posix().files(), paths.toList());
    }

    private static String claim(PoolStage stage, Roots roots, Object destination) throws IOException {
        return stage.pools
                .claim("wal", BytePath.of(destination.toString()), roots)
                .toString();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void takesTheOldestUnderANewNameOrIntoADirectory(boolean hasOpenat2) throws Exception {
        try (var stage = new PoolStage(directory, faulty.posix())) {
            stage.keep(stage.spec(3));
            var roots = roots(hasOpenat2, in);
            var names = stage.names();
            assertThat(claim(stage, roots, in + "/d/mine")).isEqualTo(in + "/d/mine");
            assertThat(claim(stage, roots, in)).isEqualTo(in + "/" + names.get(1));
            assertThat(Files.size(in.resolve("d/mine"))).isEqualTo(PoolStage.FILE_BYTES);
            assertThat(Files.size(in.resolve(names.get(1)))).isEqualTo(PoolStage.FILE_BYTES);
            await().until(() -> stage.status().claims() == 2);
            stage.awaitReady(3);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> stage.pools.claim("other", BytePath.of(in.toString()), roots));
        }
    }

    /** By a user whom permissions bind, into a directory that he may write to and not read. */
    static final class ClaimIntoDropBox {
        public static void main(String[] arguments) throws Exception {
            Path place = Files.createTempDirectory("drop-box");
            Path box = Files.createDirectory(place.resolve("box"));
            Files.setPosixFilePermissions(box, PosixFilePermissions.fromString("-wx-wx-wx"));
            try (var stage = new PoolStage(place)) {
                stage.keep(stage.spec(2));
                var roots = new Roots(LinuxPosix.create().files(), List.of(BytePath.of(place.toString())));
                for (String destination : List.of(box + "/mine", box.toString())) {
                    Path claimed = Path.of(claim(stage, roots, destination));
                    System.out.println(place.relativize(claimed) + " " + Files.size(claimed));
                }
            } finally {
                Files.setPosixFilePermissions(box, PosixFilePermissions.fromString("rwx------"));
                Command.run("rm", "-r", place);
            }
        }
    }

    @Test
    void putsItIntoADropBox() throws Exception {
        assumeTrue(LinuxPosix.create().process().effectiveUser() == 0, "needs root");
        var result = ChildJvm.of(ClaimIntoDropBox.class).asNobody().run();
        assertThat(result.out()).as(result.toString()).matches("box/mine 65536\nbox/segment-\\d+ 65536\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void putsNothingWhereItMayNot(boolean hasOpenat2) throws Exception {
        Files.createSymbolicLink(in.resolve("away"), out);
        Files.createSymbolicLink(in.resolve("dangling"), out.resolve("new"));
        Files.writeString(in.resolve("file"), "kept");
        try (var stage = new PoolStage(directory, faulty.posix())) {
            stage.keep(stage.spec(2));
            var roots = roots(hasOpenat2, in, directory.resolve("gone"), stage.ready);
            for (String name :
                    List.of("/away", "/away/new", "/dangling", "/dangling/new", "/d/../../out", "/../out/new")) {
                assertThatThrownBy(() -> claim(stage, roots, in + name))
                        .as(name)
                        .isInstanceOf(OutsideRootsException.class);
            }
            for (Path path : List.of(out, out.resolve("new"), directory.resolve("gone"), Path.of("in/new"))) {
                assertThatThrownBy(() -> claim(stage, roots, path))
                        .as("%s", path)
                        .isInstanceOf(OutsideRootsException.class);
            }
            assertThatThrownBy(() -> claim(stage, roots, in + "/file"))
                    .hasMessage(in + "/file: renameat2: File exists (EEXIST)");
            assertThatThrownBy(() -> claim(stage, roots, in + "/file/new")).hasMessageEndingWith("(ENOTDIR)");
            assertThatThrownBy(() -> claim(stage, roots, in + "/gone/new")).hasMessageEndingWith("(ENOENT)");
            assertThatThrownBy(() -> claim(stage, roots, in + "/new/"))
                    .hasMessage(in + "/new/: renameat2: Not a directory (ENOTDIR)");
            assertThat(in.resolve("new")).doesNotExist();
            for (Path path : List.of(stage.ready, stage.ready.resolve("new"))) {
                assertThatThrownBy(() -> claim(stage, roots, path))
                        .hasMessage(stage.ready + ": is the directory of pool wal itself");
            }
            assertThat(out).isEmptyDirectory();
            assertThat(Files.readString(in.resolve("file"))).isEqualTo("kept");
            assertThat(stage.names()).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void putsItWhereItLookedWhoeverSwapsALinkIntoTheWay(boolean hasOpenat2) throws Exception {
        try (var stage = new PoolStage(directory, faulty.posix())) {
            stage.keep(stage.spec(2));
            var roots = roots(hasOpenat2, in);
            Path real = in.resolve("real");
            var swap = faulty.before("renameNoReplaceBetween", arguments -> {
                Files.move(in.resolve("d"), real);
                Files.createSymbolicLink(in.resolve("d"), out);
            });
            swap.times(1);
            assertThat(claim(stage, roots, in + "/d/mine")).isEqualTo(in + "/d/mine");
            assertThat(swap.injected()).isEqualTo(1);
            assertThat(out).isEmptyDirectory();
            assertThat(real.resolve("mine")).exists();
        }
    }

    @Test
    void saysThatNothingIsReadyOrThatTheFileSystemIsAnother() throws Exception {
        try (var stage = new PoolStage(directory);
                var mount = LoopMount.of(Kind.EXT4, 16)) {
            var roots = roots(true, in, mount.directory());
            stage.keep(stage.spec(1));
            assertThatThrownBy(() -> claim(stage, roots, mount.directory())).hasMessageEndingWith("(EXDEV)");
            stage.pools.resize("wal", 0);
            assertThat(claim(stage, roots, in)).startsWith(in + "/segment-");
            assertThatThrownBy(() -> claim(stage, roots, in))
                    .hasMessage("pool wal: no file is ready in " + stage.ready);
        }
    }
}
