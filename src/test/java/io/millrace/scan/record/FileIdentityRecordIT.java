// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.catalog.record.Verdict;
import io.millrace.testkit.Amount;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.Command;
import io.millrace.testkit.LoopMount;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.Settled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that get other names, other mounts, and the inodes of others. */
@Timeout(600)
class FileIdentityRecordIT {
    @TempDir
    private Path directory;

    private Path catalog() throws IOException {
        return Files.createDirectories(directory.resolve("catalog"));
    }

    private static List<Path> write(Path directory, int files) throws IOException {
        Files.createDirectories(directory);
        List<Path> written = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            written.add(CachedFile.random(directory.resolve("file-" + i), 2000 + i, i)
                    .path());
        }
        return written;
    }

    @ParameterizedTest
    @EnumSource(names = {"EXT4", "XFS", "BTRFS"})
    void anImageOnAnotherDeviceHasTheSameFilesAndAnUnmountedOneMissesNone(Kind kind) throws Exception {
        try (var mount = LoopMount.of(kind, 64)) {
            Path tree = mount.directory().resolve("tree");
            List<Path> files = write(tree, 20);
            Settled.await();
            assertThat(RecordedRun.record(catalog(), mount.directory()).verdictsOtherThan(Verdict.NEW))
                    .isEmpty();
            mount.mountElsewhere();
            assertThat(RecordedRun.verify(catalog(), mount.directory()).verdictsOtherThan(Verdict.OK))
                    .isEmpty();
            String unused = Command.run("umount", mount.directory());
            var unmounted = RecordedRun.verify(catalog(), mount.directory());
            unused = Command.run("mount", "-o", "loop", mount.image(), mount.directory());
            assertThat(unmounted.counts().of(Verdict.MISSING)).isZero();
            assertThat(unmounted.counts().notMounted()).isEqualTo(files.size());
            Files.delete(files.get(0));
            var mounted = RecordedRun.verify(catalog(), mount.directory());
            assertThat(mounted.verdictsOtherThan(Verdict.OK))
                    .containsOnlyKeys(files.get(0).toString());
            assertThat(mounted.counts().of(Verdict.MISSING)).isOne();
            // All of a directory, and the directory.
            unused = Command.run("rm", "-r", tree);
            assertThat(RecordedRun.verify(catalog(), mount.directory()).counts().of(Verdict.MISSING))
                    .isEqualTo(files.size());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EXT4", "XFS"})
    void renamesLinksAndReusedInodesAreWhatTheyAre(Kind kind) throws Exception {
        int each = Amount.of(20, 100, 3000);
        try (var mount = LoopMount.of(kind, 300)) {
            List<Path> files = write(mount.directory().resolve("a"), 4 * each);
            Path other = Files.createDirectory(mount.directory().resolve("b"));
            Settled.await();
            assertThat(RecordedRun.record(catalog(), mount.directory()).verdictsOtherThan(Verdict.NEW))
                    .isEmpty();
            for (int i = 0; i < each; i++) {
                Files.move(files.get(i), other.resolve("moved-" + i));
                Files.createLink(other.resolve("link-" + i), files.get(each + i));
                Files.delete(files.get(2 * each + i));
                Files.write(files.get(2 * each + i), new byte[] {1, 2, 3, (byte) i});
            }
            String unused = Command.run("sync", "-f", mount.directory());
            Settled.await();
            var verified = RecordedRun.verify(catalog(), mount.directory());
            var counts = verified.counts();
            assertThat(counts.of(Verdict.MOVED)).isEqualTo(each);
            assertThat(counts.of(Verdict.MODIFIED))
                    .as(verified.someOtherThan(Verdict.OK, Verdict.MOVED))
                    .isEqualTo(each);
            assertThat(counts.of(Verdict.OK)).isEqualTo(3L * each); // two names each, and those that nobody touched
            assertThat(counts.of(Verdict.NEW) + counts.of(Verdict.MISSING)).isZero();
            assertThat(RecordedRun.verify(catalog(), mount.directory()).verdictsOtherThan(Verdict.OK))
                    .isEmpty();
        }
    }

    @Test
    void aFileWithSeveralNamesIsReadOnceAndHasOneDigest() throws Exception {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        Path file = CachedFile.random(tree.resolve("file"), 500_000, 1).path();
        for (int i = 0; i < 5; i++) {
            Files.createLink(tree.resolve("link-" + i), file);
        }
        Settled.await();
        var recorded = RecordedRun.record(catalog(), tree);
        assertThat(recorded.files()).hasSize(6);
        assertThat(recorded.verdictsOtherThan(Verdict.NEW)).isEmpty();
        assertThat(recorded.counts().bytes().device()
                        + recorded.counts().bytes().cache())
                .isEqualTo(500_000);
        assertThat(recorded.files())
                .extracting(each -> HexFormat.of()
                        .formatHex(each.result().digests().values().iterator().next()))
                .containsOnly(Command.run("sha256sum", file).substring(0, 64));
        assertThat(recorded.warnings()).hasSize(1); // the catalog lies beside the files, told once

        // A link that is gone is no missing file, as long as the file has another name.
        Path gone = tree.resolve("link-4");
        Files.delete(gone);
        Settled.await();
        var verified = RecordedRun.verify(catalog(), file, gone);
        assertThat(verified.verdictsOtherThan(Verdict.OK)).containsOnlyKeys(gone.toString());
        assertThat(verified.counts().of(Verdict.MOVED)).isOne();
        assertThat(RecordedRun.verify(catalog(), tree).verdictsOtherThan(Verdict.OK))
                .isEmpty();
    }

    @Test
    void namesAreThoseWithoutSymbolicLinks() throws Exception {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        List<Path> files = write(tree, 3);
        Path link = Files.createSymbolicLink(directory.resolve("link"), tree);
        Path toFile = Files.createSymbolicLink(directory.resolve("to-file"), files.get(1));
        Settled.await();
        assertThat(RecordedRun.record(catalog(), link).verdictsOtherThan(Verdict.NEW))
                .isEmpty();
        assertThat(RecordedRun.verify(catalog(), tree).verdictsOtherThan(Verdict.OK))
                .isEmpty();
        assertThat(RecordedRun.verify(catalog(), toFile).verdictsOtherThan(Verdict.OK))
                .isEmpty();
        Files.delete(files.get(0));
        assertThat(RecordedRun.verify(catalog(), link).counts().of(Verdict.MISSING))
                .isOne();
    }
}
