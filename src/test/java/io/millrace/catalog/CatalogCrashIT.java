// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.catalog.CatalogException.Reason;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import io.millrace.testkit.LoopMount;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is called recorded outlives whatever happens next. */
@Timeout(300)
class CatalogCrashIT {
    private static final Posix POSIX = LinuxPosix.create();

    /** Each is a JVM; {@code -Dmillrace.catalog.kills=200} is the long run. */
    private static final int KILLS = Integer.getInteger("millrace.catalog.kills", 4);

    private static final int POWER_CUTS = Integer.getInteger("millrace.catalog.cuts", 3);

    @TempDir
    private Path directory;

    private static CatalogPlace place(Path directory) {
        return new CatalogPlace(Records.path(directory), Optional.empty());
    }

    private static final CatalogListener NO_DAMAGE = new CatalogListener() {
        @Override
        public void onSetAside(BytePath setAside, String why) {
            throw new AssertionError(setAside + ": " + why);
        }
    };

    /** All up to this number are there as they were put; all that is there is right. */
    private static void assertHolds(Path directory, int recorded, String what) throws IOException {
        try (Catalog catalog = Catalog.open(POSIX, place(directory), NO_DAMAGE);
                CatalogReader reader = catalog.reader()) {
            assertThat(catalog.whyDamaged()).as(what).isEmpty();
            for (int i = 1; i <= recorded; i++) {
                assertThat(reader.find(Records.key(i)))
                        .as("%s: %d of %d", what, i, recorded)
                        .contains(Records.small(i));
            }
            long files = reader.stats().files().files();
            assertThat(files % RecordUntilFailure.BATCH)
                    .as("%s: batches are whole", what)
                    .isZero();
        }
    }

    private static int lastRecorded(String said) {
        return said.lines()
                .filter(line -> line.matches("recorded \\d+"))
                .mapToInt(line -> Integer.parseInt(line.substring("recorded ".length())))
                .max()
                .orElse(0);
    }

    @Test
    void losesNothingWhenItIsKilled() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        int recorded = 0;
        for (int round = 0; round < KILLS; round++) {
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            RecordUntilFailure.class.getName(),
                            directory.toString(),
                            String.valueOf(recorded + 1))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (var out =
                    new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
                assertThat(out.readLine()).isEqualTo("opened");
                assertThat(out.readLine()).startsWith("recorded ");
                Thread.sleep(random.nextInt(300)); // it is killed at any moment
                assertThat(child.toHandle().destroyForcibly()).isTrue(); // without closing the pipe
                String last = "";
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    last = line.matches("recorded \\d+") ? line : last;
                }
                recorded = Math.max(recorded + RecordUntilFailure.BATCH, lastRecorded(last));
            } finally {
                assertThat(child.destroyForcibly().waitFor(60, TimeUnit.SECONDS))
                        .isTrue();
            }
            assertHolds(directory, recorded, "seed " + seed + ", round " + round);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = LoopMount.Kind.class,
            names = {"EXT4", "XFS"})
    void losesNothingInAPowerCut(LoopMount.Kind kind) throws Exception {
        Command.assumeExists("xfs_io");
        long seed = System.nanoTime();
        var random = new Random(seed);
        try (LoopMount mount = LoopMount.of(kind, 64)) {
            int recorded = 0;
            for (int round = 0; round < POWER_CUTS; round++) {
                recorded = recordAndCut(mount, recorded, 1 + random.nextInt(6));
                mountAgain(mount, kind);
                assertHolds(mount.directory(), recorded, kind + ", seed " + seed + ", round " + round);
            }
        }
    }

    private static int recordAndCut(LoopMount mount, int recorded, int batches) throws Exception {
        int last = recorded;
        Catalog catalog = Catalog.open(POSIX, place(mount.directory()), NO_DAMAGE);
        try {
            for (int i = 0; i < batches; i++) {
                RecordUntilFailure.record(catalog, last + 1);
                last += RecordUntilFailure.BATCH;
            }
            String ignored = Command.run("xfs_io", "-x", "-c", "shutdown", mount.directory());
            int next = last + 1;
            var thrown = catchThrowableOfType(CatalogException.class, () -> RecordUntilFailure.record(catalog, next));
            assertThat(thrown.reason()).isIn(Reason.IO_ERROR, Reason.DAMAGED);
            var after = catchThrowableOfType(CatalogException.class, catalog::begin);
            assertThat(after).hasMessageContaining("nothing is written since the database failed");
        } finally {
            try {
                catalog.close();
            } catch (CatalogException e) {
                assertThat(e.reason()).isIn(Reason.IO_ERROR, Reason.DAMAGED);
            }
        }
        return last;
    }

    private static void mountAgain(LoopMount mount, LoopMount.Kind kind) throws Exception {
        String ignored = Command.run("umount", mount.directory());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Command.run("losetup", "-j", mount.image()).isBlank() && System.nanoTime() < end) {
            Thread.sleep(20); // nothing tells when the kernel has let the device go
        }
        ignored = Command.run(
                "mount", "-t", kind.name().toLowerCase(Locale.ROOT), "-o", "loop", mount.image(), mount.directory());
    }

    @Test
    void callsNothingRecordedThatFsyncDidNotTake() throws Exception {
        Command.assumeExists("strace");
        Path log = directory.resolve("strace.log");
        Path data = Files.createDirectory(directory.resolve("catalog"));
        Catalog.open(POSIX, place(data), NO_DAMAGE).close();
        var child = ChildJvm.of(RecordUntilFailure.class, data, 1)
                .under(
                        "strace",
                        "-f",
                        "-qq",
                        "-o",
                        log.toString(),
                        "-e",
                        "trace=fsync,fdatasync",
                        "-e",
                        "inject=fsync,fdatasync:error=EIO:when=12+")
                .run();
        assertThat(Files.readString(log)).as(child.toString()).contains("(INJECTED)");
        assertThat(child.out())
                .as(child.toString())
                .contains("failed: " + data + "/catalog.db: ")
                .contains("(SQLITE_IOERR_FSYNC)")
                .contains("then: " + data + "/catalog.db: write: nothing is written since the database failed")
                .doesNotContain("recorded again");
        assertHolds(data, lastRecorded(child.out()), "after EIO");
    }

    @Test
    void saysThatTheDiskIsFullAndGoesOnWhenThereIsRoom() throws Exception {
        try (LoopMount mount = LoopMount.of(LoopMount.Kind.TMPFS, 8)) {
            Path ballast = mount.directory().resolve("ballast");
            Files.write(ballast, new byte[5 << 20]);
            try (Catalog catalog = Catalog.open(POSIX, place(mount.directory()), NO_DAMAGE)) {
                int recorded = 0;
                CatalogException full = null;
                while (full == null && recorded < 100_000) {
                    int from = recorded + 1;
                    full = catchThrowableOfType(CatalogException.class, () -> put(catalog, from));
                    recorded += full == null ? RecordUntilFailure.BATCH : 0;
                }
                assertThat(full).isNotNull();
                assertThat(full.reason()).isEqualTo(Reason.DISK_FULL);
                assertThat(full)
                        .hasMessageStartingWith(mount.directory() + "/catalog.db: ")
                        .hasMessageEndingWith(": no space left on the file system (SQLITE_FULL)");
                var backup = catchThrowableOfType(
                        IOException.class,
                        () -> catalog.backup(Records.path(mount.directory().resolve("backup"))));
                assertThat(backup).hasMessageContaining("no space left on the file system");
                assertThat(mount.directory().resolve(".backup.new")).doesNotExist();
                Files.delete(ballast);
                put(catalog, recorded + 1);
                recorded += RecordUntilFailure.BATCH;
                try (CatalogReader reader = catalog.reader()) {
                    assertThat(reader.stats().files().files()).isEqualTo(recorded);
                }
            }
        }
    }

    private static void put(Catalog catalog, int from) throws CatalogException {
        try (WriteBatch batch = catalog.begin()) {
            for (int i = from; i < from + RecordUntilFailure.BATCH; i++) {
                batch.put(BytePath.of("/d/" + i), Records.small(i));
            }
            batch.commit();
        }
    }

    @Test
    void saysThatItCannotBeWrittenAndCanStillBeRead() throws Exception {
        try (LoopMount mount = LoopMount.of(LoopMount.Kind.TMPFS, 8)) {
            try (Catalog catalog = Catalog.open(POSIX, place(mount.directory()), NO_DAMAGE)) {
                put(catalog, 1);
            }
            byte[] before = Files.readAllBytes(mount.directory().resolve("catalog.db"));
            String ignored = Command.run("mount", "-o", "remount,ro", mount.directory());
            try {
                for (boolean service : Arrays.asList(true, false)) {
                    var thrown = catchThrowableOfType(
                            CatalogException.class,
                            () -> (service
                                            ? Catalog.open(POSIX, place(mount.directory()), NO_DAMAGE)
                                            : Catalog.openExisting(POSIX, place(mount.directory())))
                                    .close());
                    assertThat(thrown.reason()).isEqualTo(Reason.READ_ONLY);
                    assertThat(thrown)
                            .hasMessageStartingWith(mount.directory() + "/catalog.db: open: ")
                            .hasMessageNotContaining("\n");
                }
                try (CatalogReader reader = Catalog.openReader(POSIX, place(mount.directory()))) {
                    assertThat(reader.stats().files().files()).isEqualTo(RecordUntilFailure.BATCH);
                }
                assertThat(mount.directory().resolve("catalog.db")).hasBinaryContent(before);
            } finally {
                ignored = Command.run("mount", "-o", "remount,rw", mount.directory());
            }
        }
    }
}
