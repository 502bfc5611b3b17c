// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.catalog.CatalogException.Reason;
import io.millrace.catalog.record.FileRecord;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases that are damaged, foreign or newer. */
@Timeout(180)
class CatalogDamageIT {
    private static final Posix POSIX = LinuxPosix.create();
    private static final int FILES = 500;

    @TempDir
    private Path directory;

    @TempDir
    private Path backupDirectory;

    private Path database;
    private CatalogPlace place;
    private BackupFiles backups;
    private final Said said = new Said();

    /** What an operator would read. */
    private static final class Said implements CatalogListener {
        private final List<String> lines = new ArrayList<>();
        private final List<BytePath> aside = new ArrayList<>();

        @Override
        public void onSetAside(BytePath setAside, String why) {
            aside.add(setAside);
            lines.add("set aside: " + why);
        }

        @Override
        public void onRestored(BytePath backup) {
            lines.add("restored " + backup.fileName());
        }

        @Override
        public void onUnusableBackup(BytePath backup, String why) {
            lines.add("unusable " + backup.fileName());
        }

        @Override
        public void onCreated(BytePath database, int backups) {
            lines.add("created, " + backups + " backups");
        }
    }

    @BeforeEach
    void fill() throws IOException {
        database = directory.resolve("catalog.db");
        place = new CatalogPlace(Records.path(directory), Optional.of(Records.path(backupDirectory)));
        backups = new BackupFiles(POSIX, Records.path(backupDirectory));
        try (Catalog catalog = open()) {
            put(catalog, 1, FILES);
        }
        said.lines.clear();
    }

    private Catalog open() throws IOException {
        return Catalog.open(POSIX, place, said);
    }

    private static void put(Catalog catalog, int from, int to) throws IOException {
        try (WriteBatch batch = catalog.begin()) {
            for (int i = from; i <= to; i++) {
                batch.put(BytePath.of("/d/" + i), Records.small(i));
            }
            batch.commit();
        }
    }

    private void backup(String time) throws IOException {
        try (Catalog catalog = open()) {
            catalog.backup(backups.pathFor(Instant.parse(time)));
        }
    }

    private static long count(Catalog catalog) throws IOException {
        try (CatalogReader reader = catalog.reader()) {
            return reader.stats().files().files();
        }
    }

    private byte[] content() throws IOException {
        return Files.readAllBytes(database);
    }

    private void damage(String how) throws IOException {
        byte[] content = content();
        switch (how) {
            case "garbage" -> new Random(1).nextBytes(content);
            case "truncated" -> content = Arrays.copyOf(content, content.length / 2);
            case "empty" -> content = new byte[0];
            case "zeros" -> content = new byte[content.length];
            default -> throw new IllegalArgumentException(how);
        }
        Files.write(database, content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "truncated", "empty", "zeros"})
    void setsADamagedDatabaseAsideAndOpensTheNewestGoodBackup(String how) throws IOException {
        backup("2026-11-26T01:00:00Z");
        try (Catalog catalog = open()) {
            put(catalog, FILES + 1, FILES + 10);
        }
        backup("2026-11-27T01:00:00Z");
        Path bad = backupDirectory.resolve("catalog.db.backup-20261128T010000Z");
        Files.write(bad, new byte[] {1, 2, 3});
        damage(how);
        byte[] damaged = content();
        try (Catalog catalog = open()) {
            assertThat(count(catalog)).isEqualTo(FILES + 10);
            assertThat(catalog.whyDamaged()).isEmpty();
        }
        assertThat(said.lines).hasSize(3);
        assertThat(said.lines.get(0)).startsWith("set aside: ").doesNotContain("\n");
        assertThat(said.lines.subList(1, 3))
                .containsExactly("unusable " + bad.getFileName(), "restored catalog.db.backup-20261127T010000Z");
        assertThat(Path.of(said.aside.get(0).toString()))
                .hasBinaryContent(damaged)
                .satisfies(aside ->
                        assertThat(aside.getFileName().toString()).matches("catalog\\.db\\.damaged-\\d{8}T\\d{6}Z"));
    }

    @Test
    void startsAnewWhereThereIsNoBackup() throws IOException {
        damage("garbage");
        try (Catalog catalog = open()) {
            assertThat(count(catalog)).isZero();
            put(catalog, 1, 5);
        }
        damage("garbage"); // again, within the same second or not
        open().close();
        assertThat(said.aside).hasSize(2).doesNotHaveDuplicates();
        assertThat(said.lines.get(1)).isEqualTo("created, 0 backups");
    }

    @Test
    void saysHowManyBackupsThereAreWhereTheDatabaseIsGone() throws IOException {
        backup("2026-11-26T01:00:00Z");
        said.lines.clear();
        Files.delete(database);
        open().close();
        assertThat(said.lines).containsExactly("created, 1 backups");
    }

    /** One bit anywhere: the database is set aside, a record is told as damaged, or nothing of it has changed. */
    @Test
    void givesNoRecordThatIsNotWhatWasWritten() throws IOException {
        long seed = System.nanoTime();
        var random = new Random(seed);
        byte[] good = content();
        int told = 0;
        for (int round = 0; round < 25; round++) {
            byte[] flipped = good.clone();
            int bit = random.nextInt(good.length * 8);
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(database, flipped);
            Files.deleteIfExists(directory.resolve("catalog.db-wal"));
            Files.deleteIfExists(directory.resolve("catalog.db-shm"));
            said.aside.clear();
            Catalog opened;
            try {
                opened = open();
            } catch (CatalogException e) {
                // Bits of the header: a version, whose it is.
                assertThat(e).as("seed %d, bit %d", seed, bit).hasMessageNotContaining("\n");
                told++;
                continue;
            }
            try (Catalog catalog = opened) {
                if (!said.aside.isEmpty()) {
                    told++;
                    continue;
                }
                told += readAll(catalog, "seed " + seed + ", bit " + bit);
            }
        }
        assertThat(told).as("seed %d: some bits matter", seed).isPositive();
    }

    private static int readAll(Catalog catalog, String what) throws IOException {
        var damaged = new ArrayList<String>();
        try (CatalogReader reader = catalog.reader()) {
            for (int i = 1; i <= FILES; i++) {
                try {
                    Optional<FileRecord> found = reader.find(Records.key(i));
                    if (found.isPresent()) {
                        assertThat(found).as(what).contains(Records.small(i));
                    } else {
                        damaged.add("key " + i);
                    }
                } catch (CatalogException e) {
                    assertThat(e.reason()).as(what + e).isEqualTo(Reason.DAMAGED);
                    damaged.add(e.getMessage());
                }
            }
        }
        return damaged.isEmpty() ? 0 : 1;
    }

    @Test
    void tellsADamagedRecordAndReadsTheOthers() throws IOException {
        byte[] content = content();
        byte[] digest = Records.small(7).digests().value("sha256").orElseThrow();
        int copies = 0;
        for (int at = 0; at + digest.length <= content.length; at++) {
            if (Arrays.equals(content, at, at + digest.length, digest, 0, digest.length)) {
                content[at] ^= 1;
                copies++;
            }
        }
        assertThat(copies).isPositive();
        Files.write(database, content);
        try (Catalog catalog = open();
                CatalogReader reader = catalog.reader()) {
            assertThat(said.lines).isEmpty();
            assertThatThrownBy(() -> reader.find(Records.key(7)))
                    .isInstanceOf(CatalogException.class)
                    .hasMessageMatching("/.*/catalog.db: record 7 is damaged: its checksum does not match");
            var damaged = new ArrayList<BytePath>();
            var good = new ArrayList<BytePath>();
            reader.visit(new EntryVisitor() {
                @Override
                public boolean onEntry(CatalogEntry entry) {
                    return good.add(entry.path());
                }

                @Override
                public boolean onDamaged(BytePath path, CatalogException why) {
                    return damaged.add(path);
                }
            });
            assertThat(damaged).containsExactly(BytePath.of("/d/7"));
            assertThat(good).hasSize(FILES - 1);
            put(catalog, 7, 7);
            assertThat(reader.find(Records.key(7))).contains(Records.small(7));
        }
    }

    private void assertRefused(Reason reason, String words) throws IOException {
        byte[] before = content();
        List<String> names = names();
        for (var opening : List.<ThrowingCallable>of(
                this::open, () -> Catalog.openExisting(POSIX, place), () -> Catalog.openReader(POSIX, place))) {
            var thrown = catchThrowableOfType(CatalogException.class, opening);
            assertThat(thrown.reason()).isEqualTo(reason);
            assertThat(thrown)
                    .hasMessageStartingWith(database + ": open: ")
                    .hasMessageContaining(words)
                    .hasMessageNotContaining("\n");
        }
        assertThat(content()).isEqualTo(before);
        assertThat(names()).isEqualTo(names);
        assertThat(said.lines).isEmpty();
    }

    private List<String> names() throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.map(Path::getFileName).map(Path::toString).sorted().toList();
        }
    }

    @Test
    void refusesANewerSchemaAndLeavesItAsItIs() throws IOException {
        Database newer = Database.open(place.database(), Database.Access.READ_WRITE);
        newer.execute("test", "PRAGMA user_version=99");
        newer.close();
        assertRefused(Reason.NEWER_SCHEMA, "has schema 99 of a newer Millrace");
    }

    /** The version still stands in the write-ahead log only, as a crash leaves it. */
    @Test
    void refusesANewerSchemaAfterACrash() throws IOException {
        Path aside = Files.createDirectory(directory.resolve("aside"));
        try (Database newer = Database.open(place.database(), Database.Access.READ_WRITE)) {
            newer.configure(true);
            newer.execute("test", "PRAGMA user_version=99");
            Files.copy(database, aside.resolve("catalog.db"));
            Files.copy(directory.resolve("catalog.db-wal"), aside.resolve("catalog.db-wal"));
        }
        for (String name : List.of("catalog.db", "catalog.db-wal")) {
            Files.move(aside.resolve(name), directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        byte[] log = Files.readAllBytes(directory.resolve("catalog.db-wal"));
        byte[] before = content();
        var thrown = catchThrowableOfType(CatalogException.class, this::open);
        assertThat(thrown.reason()).isEqualTo(Reason.NEWER_SCHEMA);
        assertThat(content()).isEqualTo(before);
        assertThat(directory.resolve("catalog.db-wal")).hasBinaryContent(log);
    }

    @Test
    void refusesADatabaseOfAnotherProgram() throws IOException {
        Files.delete(database);
        try (Database other = Database.open(place.database(), Database.Access.CREATE)) {
            other.execute("test", "CREATE TABLE cookies(name)");
        }
        assertRefused(Reason.FOREIGN, "is a database of another program");
    }

    @Test
    void takesAChangeThatWasInTheLogWhenTheProcessDied() throws IOException {
        Path aside = Files.createDirectory(directory.resolve("aside"));
        try (Catalog catalog = open()) {
            put(catalog, FILES + 1, FILES + 3);
            Files.copy(database, aside.resolve("catalog.db"));
            Files.copy(directory.resolve("catalog.db-wal"), aside.resolve("catalog.db-wal"));
        }
        for (String name : List.of("catalog.db", "catalog.db-wal")) {
            Files.move(aside.resolve(name), directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        try (Catalog catalog = open()) {
            assertThat(count(catalog)).isEqualTo(FILES + 3);
        }
    }

    @Test
    void setsAsideWhatHasOtherTables() throws IOException {
        try (Database changed = Database.open(place.database(), Database.Access.READ_WRITE)) {
            changed.execute("test", "ALTER TABLE files RENAME COLUMN size TO sizf");
        }
        open().close();
        assertThat(said.lines).containsExactly("set aside: its tables are not those of schema 1", "created, 0 backups");
    }

    @Test
    void migratesInOneStepAVersionOrNotAtAll() throws IOException {
        Schema.Step good = connection -> {
            try (var statement = connection.createStatement()) {
                boolean ignored = statement.execute("ALTER TABLE scans ADD COLUMN extra INTEGER");
            }
        };
        Schema.Step bad = connection -> {
            try (var statement = connection.createStatement()) {
                boolean ignored = statement.execute("CREATE TABLE half(a)");
                ignored = statement.execute("ALTER TABLE none ADD COLUMN extra");
            }
        };
        Schema.Step first = connection -> {
            throw new AssertionError("it has the first version");
        };
        try (Database old = Database.open(place.database(), Database.Access.READ_WRITE)) {
            assertThatThrownBy(() -> new Schema(List.of(first, good, bad)).apply(old))
                    .isInstanceOf(CatalogException.class)
                    .hasMessageContaining("schema 2 to 3: ");
            assertThat(old.number("test", "PRAGMA user_version")).isEqualTo(2);
            assertThat(old.number("test", "SELECT count(*) FROM sqlite_schema WHERE name = 'half'"))
                    .isZero();
            assertThat(old.number("test", "SELECT count(*) FROM files")).isEqualTo(FILES);
        }
        assertRefused(Reason.NEWER_SCHEMA, "has schema 2");
    }

    @Test
    void backsUpWhatIsCommittedAndKeepsTheNewest() throws IOException {
        try (Catalog catalog = open();
                WriteBatch batch = catalog.begin()) {
            batch.put(BytePath.of("/d/not committed"), Records.small(9999));
            for (int day = 20; day < 28; day++) {
                catalog.backup(backups.pathFor(Instant.parse("2026-11-" + day + "T01:00:00Z")));
            }
        }
        Files.writeString(backupDirectory.resolve("catalog.db.backup-mine"), "stays");
        backups.prune(3);
        assertThat(backups.newestFirst())
                .extracting(path -> path.fileName().toString())
                .containsExactly(
                        "catalog.db.backup-20261127T010000Z",
                        "catalog.db.backup-20261126T010000Z",
                        "catalog.db.backup-20261125T010000Z");
        assertThat(backupDirectory.resolve("catalog.db.backup-mine")).exists();
        try (Database backup = Database.open(backups.newestFirst().get(0), Database.Access.READ_ONLY)) {
            assertThat(backup.number("test", "SELECT count(*) FROM files")).isEqualTo(FILES);
            assertThat(Schema.CURRENT.check(backup)).isEqualTo(Schema.CURRENT.version());
        }
    }

    @Test
    void saysWhyABackupCannotBeMade() throws IOException {
        try (Catalog catalog = open()) {
            assertThatThrownBy(() -> catalog.backup(BytePath.of("/nowhere/catalog.db.backup")))
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching("/nowhere: open: No such file or directory \\(ENOENT\\)");
        }
    }

    @Test
    void saysWhoHoldsTheDatabaseTooLong() throws IOException {
        try (Catalog catalog = open();
                WriteBatch batch = catalog.begin();
                Database other = Database.open(place.database(), Database.Access.READ_WRITE, 50)) {
            var thrown = catchThrowableOfType(CatalogException.class, () -> other.execute("write", "BEGIN IMMEDIATE"));
            assertThat(thrown.reason()).isEqualTo(Reason.LOCKED);
            assertThat(thrown).hasMessage(database + ": write: another process holds the database (SQLITE_BUSY)");
            batch.put(BytePath.of("/d/x"), Records.small(1));
            batch.commit();
        }
    }

    @Test
    void saysThatThereIsNoCatalog() throws IOException {
        Files.delete(database);
        for (var opening : List.<ThrowingCallable>of(
                () -> Catalog.openExisting(POSIX, place), () -> Catalog.openReader(POSIX, place))) {
            assertThatThrownBy(opening).hasMessage(database + ": open: there is no catalog");
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void opensUnderAnyName() throws IOException {
        BytePath odd = Records.path(directory).resolve(new byte[] {'a', '?', (byte) 0xFE, '#', '%', '2', '5', ' '});
        POSIX.files().makeDirectory(odd, 0700);
        var there = new CatalogPlace(odd, Optional.empty());
        try (Catalog catalog = Catalog.open(POSIX, there, said)) {
            put(catalog, 1, 3);
            catalog.backup(odd.resolve(new byte[] {(byte) 0xFF}));
        }
        try (Catalog catalog = Catalog.open(POSIX, there, said)) {
            assertThat(count(catalog)).isEqualTo(3);
        }
        assertThat(POSIX.files().status(there.database()).permissions() & ~0640).isZero();
        for (byte[] name : List.of("catalog.db".getBytes(StandardCharsets.US_ASCII), new byte[] {(byte) 0xFF})) {
            POSIX.files().unlink(odd.resolve(name));
        }
        try (var in = POSIX.files()
                        .open(
                                odd,
                                java.util.Set.of(
                                        io.millrace.posix.libc.OpenFlag.READ_ONLY,
                                        io.millrace.posix.libc.OpenFlag.DIRECTORY));
                var left = POSIX.files().list(in, odd)) {
            assertThat(left.nextBatch()).as("nothing else is left").isNullOrEmpty();
        }
    }
}
