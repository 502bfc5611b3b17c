// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.catalog.coverage.CoverageState;
import io.millrace.catalog.record.Amount;
import io.millrace.catalog.record.FileKey;
import io.millrace.catalog.record.FileRecord;
import io.millrace.catalog.record.FileSystemId;
import io.millrace.catalog.record.Verdict;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CatalogIT {
    private static final Posix POSIX = LinuxPosix.create();

    @TempDir
    private Path directory;

    private CatalogPlace place;
    private Catalog catalog;

    @BeforeEach
    void open() throws IOException {
        place = new CatalogPlace(Records.path(directory), Optional.empty());
        catalog = Catalog.open(POSIX, place, CatalogListener.NONE);
    }

    @AfterEach
    void close() throws IOException {
        catalog.close();
    }

    private static BytePath file(String name) {
        return BytePath.of("/data/" + name);
    }

    private void put(BytePath path, FileRecord record) throws IOException {
        try (WriteBatch batch = catalog.begin()) {
            batch.put(path, record);
            batch.commit();
        }
    }

    private static List<BytePath> paths(CatalogReader reader, String root) throws IOException {
        var found = new ArrayList<BytePath>();
        reader.visit(BytePath.of(root), entry -> found.add(entry.path()));
        return found;
    }

    @Test
    void givesBackWhatWasPut() throws IOException {
        var records = List.of(Records.small(1), Records.odd(2), Records.empty(3));
        for (FileRecord record : records) {
            put(file("f" + record.key().inode()), record);
        }
        catalog.close();
        catalog = Catalog.open(POSIX, place, CatalogListener.NONE);
        try (CatalogReader reader = catalog.reader()) {
            for (FileRecord record : records) {
                assertThat(reader.find(record.key())).contains(record);
                assertThat(reader.find(file("f" + record.key().inode()))).containsExactly(record);
            }
            assertThat(reader.find(Records.key(4))).isEmpty();
            assertThat(reader.names(Records.key(4))).isEmpty();
            assertThat(reader.find(new FileKey(FileSystemId.of(new byte[] {9}), 1, 1)))
                    .isEmpty();
            assertThat(reader.find(file("none"))).isEmpty();
        }
    }

    @Test
    void replacesTheRecordOfAKey() throws IOException {
        put(file("a"), Records.small(1));
        FileRecord changed = Records.small(1).with(Verdict.CORRUPT);
        put(file("a"), changed);
        try (CatalogReader reader = catalog.reader()) {
            assertThat(reader.find(Records.key(1))).contains(changed);
            assertThat(reader.stats().files())
                    .isEqualTo(new Amount(1, changed.state().sizeBytes()));
        }
    }

    @Test
    void keepsNamesAsBytes() throws IOException {
        BytePath odd = BytePath.of(new byte[] {'/', (byte) 0xFF, '?', '/', '\n', (byte) 0x80});
        put(odd, Records.small(1));
        try (CatalogReader reader = catalog.reader()) {
            assertThat(reader.names(Records.key(1))).contains(List.of(odd));
            assertThat(reader.find(odd)).containsExactly(Records.small(1));
        }
    }

    @Test
    void refusesNamesThatAreNoAbsolutePaths() throws IOException {
        try (WriteBatch batch = catalog.begin()) {
            for (String name : List.of("a", "/a/", "/")) {
                assertThatIllegalArgumentException().isThrownBy(() -> batch.put(BytePath.of(name), Records.small(1)));
            }
        }
    }

    @Test
    void knowsAFileOnceUnderAllItsNames() throws IOException {
        put(file("a"), Records.small(1));
        put(file("b/c"), Records.small(1));
        try (WriteBatch batch = catalog.begin()) {
            assertThat(batch.names(Records.key(1))).contains(List.of(file("a"), file("b/c")));
            batch.dropName(Records.DISK, file("a"));
            assertThat(batch.names(Records.key(1))).contains(List.of(file("b/c")));
            batch.commit();
        }
        try (CatalogReader reader = catalog.reader()) {
            assertThat(reader.find(file("a"))).isEmpty();
            assertThat(reader.stats().names()).isEqualTo(1);
        }
    }

    @Test
    void keepsARecordWhoseNameAnotherFileTook() throws IOException {
        put(file("a"), Records.small(1));
        put(file("a"), Records.small(2));
        try (WriteBatch batch = catalog.begin()) {
            assertThat(batch.keyAt(file("a"), Records.DISK)).contains(Records.key(2));
            assertThat(batch.names(Records.key(1))).contains(List.of());
            assertThat(batch.find(Records.key(1))).contains(Records.small(1));
            assertThat(batch.removeNameless(Records.small(1).verification().lastVerified()))
                    .isZero();
            assertThat(batch.removeNameless(Records.small(1).verification().lastVerified() + 1))
                    .isEqualTo(1);
            assertThat(batch.find(Records.key(1))).isEmpty();
            assertThat(batch.find(Records.key(2))).isPresent();
        }
    }

    @Test
    void keepsNamesOfFileSystemsApart() throws IOException {
        FileRecord other = Records.odd(5);
        put(file("mnt/a"), Records.small(1));
        put(file("mnt/a"), other);
        try (CatalogReader reader = catalog.reader()) {
            assertThat(reader.find(file("mnt/a"))).containsExactlyInAnyOrder(Records.small(1), other);
            assertThat(reader.keyAt(file("mnt/a"), Records.DISK)).contains(Records.key(1));
            assertThat(reader.fileSystemsUnder(BytePath.of("/data/mnt")))
                    .containsExactlyInAnyOrder(Records.DISK, other.key().fileSystem());
            assertThat(reader.fileSystemsUnder(BytePath.of("/other"))).isEmpty();
        }
    }

    @Test
    void dropsWhatWasNotCommitted() throws IOException {
        try (WriteBatch batch = catalog.begin()) {
            batch.put(BytePath.of("/new/a"), Records.odd(1));
            assertThatIllegalStateException().isThrownBy(catalog::begin);
        }
        // Numbers of rows that were rolled back must not be used again.
        put(BytePath.of("/new/b"), Records.odd(2));
        try (CatalogReader reader = catalog.reader()) {
            assertThat(paths(reader, "/")).containsExactly(BytePath.of("/new/b"));
            assertThat(reader.find(Records.odd(2).key())).contains(Records.odd(2));
        }
    }

    @Test
    void visitsInTheOrderOfDirectoriesAndNames() throws IOException {
        long inode = 1;
        for (String name : List.of("/b/z", "/b/a", "/a", "/a-b/x", "/a.d/y", "/b/c/d", "/b-/e")) {
            put(BytePath.of(name), Records.small(inode++));
        }
        try (CatalogReader reader = catalog.reader()) {
            assertThat(paths(reader, "/"))
                    .extracting(BytePath::toString)
                    .containsExactly("/a", "/a-b/x", "/a.d/y", "/b/a", "/b/z", "/b-/e", "/b/c/d");
            assertThat(paths(reader, "/b")).extracting(BytePath::toString).containsExactly("/b/a", "/b/z", "/b/c/d");
            assertThat(paths(reader, "/b/")).hasSize(3);
            assertThat(paths(reader, "/a")).isEmpty();
        }
    }

    @Test
    void findsWhatNoPassHasConfirmedSince() throws IOException {
        put(file("a"), Records.small(1));
        put(file("b"), Records.odd(2));
        try (CatalogReader reader = catalog.reader()) {
            var stale = new ArrayList<BytePath>();
            reader.visitNotVerifiedSince(BytePath.of("/"), 1_764_100_000, entry -> stale.add(entry.path()));
            assertThat(stale).containsExactly(file("b"));
        }
    }

    @Test
    void visitsTheOldestOnTheDeviceOnceAFile() throws IOException {
        put(file("a"), Records.small(1));
        put(file("a2"), Records.small(1));
        put(BytePath.of("/elsewhere/a3"), Records.small(1));
        put(file("b"), Records.odd(2));
        put(BytePath.of("/elsewhere/c"), Records.odd(3));
        try (CatalogReader reader = catalog.reader()) {
            var found = new ArrayList<FileKey>();
            reader.visitOldestOnDevice(
                    file(""), 1_800_000_000, entry -> found.add(entry.record().key()));
            assertThat(found).containsExactly(Records.odd(2).key(), Records.key(1));
            found.clear();
            reader.visitOldestOnDevice(
                    file(""), 1_764_100_000, entry -> found.add(entry.record().key()));
            assertThat(found).containsExactly(Records.odd(2).key());
        }
    }

    @Test
    void forgetsNamesAndWhatNoNameLeadsTo() throws IOException {
        put(BytePath.of("/b/one"), Records.small(1));
        put(BytePath.of("/b/two"), Records.small(2));
        put(BytePath.of("/b/c/three"), Records.small(3));
        put(BytePath.of("/a/three"), Records.small(3));
        put(BytePath.of("/b2/four"), Records.small(4));
        try (WriteBatch batch = catalog.begin()) {
            assertThat(batch.forget(BytePath.of("/b/one"))).isEqualTo(1);
            assertThat(batch.forget(BytePath.of("/b"))).isEqualTo(2);
            assertThat(batch.forget(BytePath.of("/nowhere"))).isZero();
            batch.commit();
        }
        put(BytePath.of("/b/five"), Records.small(5)); // the directory's row has gone, and is made again
        try (CatalogReader reader = catalog.reader()) {
            assertThat(paths(reader, "/"))
                    .extracting(BytePath::toString)
                    .containsExactly("/a/three", "/b/five", "/b2/four");
            assertThat(reader.stats().files().files()).isEqualTo(3);
            assertThat(reader.stats().directories()).isEqualTo(3);
        }
    }

    @Test
    void countsByVerdict() throws IOException {
        put(file("a"), Records.small(1));
        put(file("b"), Records.odd(2));
        put(file("c"), Records.odd(3));
        long oddBytes = Records.odd(2).state().sizeBytes();
        try (CatalogReader reader = catalog.reader()) {
            CatalogStats stats = reader.stats();
            assertThat(stats.filesByVerdict())
                    .containsOnlyKeys(Verdict.OK, Verdict.DISK_BAD)
                    .containsEntry(Verdict.DISK_BAD, new Amount(2, 2 * oddBytes));
            assertThat(stats.live()).isEqualTo(new Amount(2, 2 * oddBytes));
            assertThat(stats.onDevice().files()).isEqualTo(1);
            assertThat(stats.oldestOnDeviceSeconds()).isEqualTo(1_764_100_000);
            assertThat(stats.newestOnDeviceSeconds()).isEqualTo(1_764_100_000);
            assertThat(stats.byFileSystem()).hasSize(2);
            assertThat(stats.byFileSystem().get(0))
                    .isEqualTo(new FileSystemStats(
                            Records.DISK,
                            Optional.of(BytePath.of("/data")),
                            stats.onDevice(),
                            stats.onDevice(),
                            1_764_100_000,
                            1_764_100_000));
            assertThat(stats.scans()).isZero();
            assertThat(stats.databaseBytes()).isPositive();
            CoverageState coverage = reader.coverage(BytePath.of("/data"));
            assertThat(coverage.bad().files()).isEqualTo(2);
            assertThat(coverage.verified()).containsOnlyKeys(1_764_100_000L / 3600 * 3600);
            assertThat(reader.coverage(BytePath.of("/other")).verified()).isEmpty();
        }
    }

    @Test
    void keepsCheckpointsOfScans() throws IOException {
        var scan = new ScanCheckpoint(
                "backups-17",
                "{}",
                "running",
                5,
                9,
                new ScanCheckpoint.Counters(1, 2, 3),
                new byte[] {1, 2},
                new byte[0]);
        try (WriteBatch batch = catalog.begin()) {
            batch.put(scan);
            batch.commit();
        }
        try (CatalogReader reader = catalog.reader()) {
            assertThat(reader.scan("backups-17").orElseThrow())
                    .usingRecursiveComparison()
                    .isEqualTo(scan);
            assertThat(reader.scans()).hasSize(1);
            assertThat(reader.scan("")).isEmpty();
        }
        try (WriteBatch batch = catalog.begin()) {
            batch.removeScan("backups-17");
            batch.commit();
        }
        try (CatalogReader reader = catalog.reader()) {
            assertThat(reader.scans()).isEmpty();
        }
    }

    @Test
    void canBeReadAndChangedBesideTheService() throws IOException {
        put(file("a"), Records.small(1));
        try (Catalog second = Catalog.openExisting(POSIX, place);
                CatalogReader reader = Catalog.openReader(POSIX, place)) {
            try (WriteBatch batch = second.begin()) {
                batch.put(file("b"), Records.small(2));
                batch.commit();
            }
            assertThat(paths(reader, "/")).containsExactly(file("a"), file("b"));
        }
        put(file("c"), Records.small(3));
    }

    /** Root may make the catalog of a service, whose user has to be able to write it. */
    @Test
    void belongsToTheOwnerOfItsDirectory() throws IOException {
        assumeThat(POSIX.process().effectiveUser()).as("runs as root").isZero();
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.setAttribute(other, "unix:uid", 65534);
        Files.setAttribute(other, "unix:gid", 65534);
        var othersPlace = new CatalogPlace(BytePath.of(other.toString()), Optional.empty());
        Catalog.open(POSIX, othersPlace, CatalogListener.NONE).close();
        assertThat(Files.getAttribute(other.resolve("catalog.db"), "unix:uid")).isEqualTo(65534);
        assertThat(Files.getAttribute(other.resolve("catalog.db"), "unix:gid")).isEqualTo(65534);
    }
}
