// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.catalog.CatalogException.Reason;
import io.millrace.catalog.coverage.CoverageState;
import io.millrace.catalog.record.FileKey;
import io.millrace.catalog.record.FileRecord;
import io.millrace.catalog.record.FileSystemId;
import io.millrace.catalog.record.Verdict;
import io.millrace.posix.libc.BytePath;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads the catalog over a connection of its own: what was committed, while a writer goes on. One thread at a time. Whoever
 * opened it closes it. Paths are absolute.
 */
public final class CatalogReader implements AutoCloseable {
    private static final String ENTRIES = "SELECT d.path, n.name, " + FileTable.COLUMNS
            + " FROM directories d CROSS JOIN names n ON n.directory = d.id CROSS JOIN files f ON f.id = n.file WHERE "
            + Subtree.CONDITION;
    private static final String IN_ORDER = " ORDER BY d.path, d.file_system, n.name";

    private final Database database;
    private Tables tables;

    /** After an error of SQLite: the statements have to be made again. */
    private boolean isStale;

    CatalogReader(Database database) throws CatalogException {
        this.database = database;
        this.tables = Tables.of(database);
    }

    /** Work over rows that may find a damaged one. */
    private interface Query<T> {
        T run(Tables tables) throws SQLException, CatalogException;
    }

    private <T> T read(Query<T> query) throws CatalogException {
        try {
            return query.run(tables());
        } catch (SQLException e) {
            throw onFailure(e);
        }
    }

    private Tables tables() throws CatalogException {
        if (isStale) {
            database.closeKept();
            tables = Tables.of(database);
            isStale = false;
        }
        return tables;
    }

    private CatalogException onFailure(SQLException e) {
        isStale = true;
        return database.failure("read", e);
    }

    /**
     * Has what follows read one state of the catalog, until {@link #endState}: a lookup then takes no lock, which is most of what it
     * costs. The log cannot be emptied meanwhile, so this is for a short time.
     */
    public void beginState() throws CatalogException {
        database.execute("read", "BEGIN");
    }

    public void endState() throws CatalogException {
        database.execute("read", "COMMIT");
    }

    /** What is recorded of a file. A record that is damaged is an exception with reason DAMAGED. */
    public Optional<FileRecord> find(FileKey key) throws CatalogException {
        return read(t -> t.files().find(key));
    }

    /** What is recorded under this name: mostly one record, more where several file systems were mounted there in turn. */
    public List<FileRecord> find(BytePath path) throws CatalogException {
        return read(t -> {
            var found = new ArrayList<FileRecord>();
            for (long id : t.names().filesAt(path)) {
                t.files().find(id).ifPresent(found::add);
            }
            return found;
        });
    }

    /** The file that has this name on this file system. */
    public Optional<FileKey> keyAt(BytePath path, FileSystemId fileSystem) throws CatalogException {
        return read(t -> {
            Optional<Long> id = t.files().fileSystems().find(fileSystem);
            OptionalLong file = id.isEmpty() ? OptionalLong.empty() : t.names().fileAt(id.get(), path);
            return file.isEmpty()
                    ? Optional.empty()
                    : t.files().find(file.getAsLong()).map(FileRecord::key);
        });
    }

    /** The names of a file, in their order; empty for a file that the catalog does not know. */
    public Optional<List<BytePath>> names(FileKey key) throws CatalogException {
        return read(t -> {
            OptionalLong id = t.files().idOf(key);
            return id.isEmpty() ? Optional.empty() : Optional.of(t.names().namesOf(id.getAsLong()));
        });
    }

    /** All entries in the order of directories and t.names(). Keeps one state of the catalog from the first to the last. */
    public void visit(EntryVisitor visitor) throws IOException {
        visit(ENTRIES + IN_ORDER, Subtree.all(), OptionalLong.empty(), visitor);
    }

    /** Likewise those in a directory and below it. */
    public void visit(BytePath root, EntryVisitor visitor) throws IOException {
        visit(ENTRIES + IN_ORDER, new Subtree(root), OptionalLong.empty(), visitor);
    }

    /**
     * Those in a directory and below it that no pass has confirmed since: the ones that may be missing, if a whole scan began
     * then. The caller asks for each whether it is there ({@link io.millrace.catalog.record.Absence}).
     */
    public void visitNotVerifiedSince(BytePath root, long seconds, EntryVisitor visitor) throws IOException {
        visit(
                ENTRIES + " AND " + FileTable.LAST_VERIFIED + " < ?" + IN_ORDER,
                new Subtree(root),
                OptionalLong.of(seconds),
                visitor);
    }

    /**
     * Files in a directory and below it that were last verified on the device before this time, or never: those never verified
     * first, then the longest ago. One entry a file, under one of its t.names().
     */
    public void visitOldestOnDevice(BytePath root, long beforeSeconds, EntryVisitor visitor) throws IOException {
        String sql = "SELECT d.path, n.name, " + FileTable.COLUMNS
                + " FROM files f INDEXED BY files_by_device_date CROSS JOIN names n ON n.file = f.id"
                + " CROSS JOIN directories d ON d.id = n.directory WHERE " + Subtree.CONDITION
                + " AND f.on_device < ? ORDER BY f.on_device";
        visit(sql, new Subtree(root), OptionalLong.of(beforeSeconds), new FirstNames(visitor));
    }

    /** Passes on the first of the names of a file, which come one after the other. */
    private static final class FirstNames implements EntryVisitor {
        private final EntryVisitor visitor;
        private Optional<FileKey> last = Optional.empty();

        FirstNames(EntryVisitor visitor) {
            this.visitor = visitor;
        }

        @Override
        public boolean onEntry(CatalogEntry entry) throws IOException {
            Optional<FileKey> key = Optional.of(entry.record().key());
            if (key.equals(last)) {
                return true;
            }
            last = key;
            return visitor.onEntry(entry);
        }

        @Override
        public boolean onDamaged(BytePath path, CatalogException why) throws IOException {
            return visitor.onDamaged(path, why);
        }
    }

    private void visit(String sql, Subtree subtree, OptionalLong seconds, EntryVisitor visitor) throws IOException {
        try (PreparedStatement statement = database.prepare(sql)) {
            Tables current = tables();
            subtree.set(statement, 1);
            if (seconds.isPresent()) {
                statement.setLong(Subtree.PARAMETERS + 1, seconds.getAsLong());
            }
            try (ResultSet rows = statement.executeQuery()) {
                boolean goesOn = true;
                while (goesOn && rows.next()) {
                    BytePath path = BytePath.of(rows.getBytes(1)).resolve(rows.getBytes(2));
                    goesOn = visitOne(current, path, rows, visitor);
                }
            }
        } catch (SQLException e) {
            throw onFailure(e);
        }
    }

    private boolean visitOne(Tables t, BytePath path, ResultSet row, EntryVisitor visitor)
            throws SQLException, IOException {
        FileRecord record;
        try {
            record = t.files().read(row, 3);
        } catch (CatalogException e) {
            if (!e.is(Reason.DAMAGED)) {
                throw e;
            }
            return visitor.onDamaged(path, e);
        }
        return visitor.onEntry(new CatalogEntry(path, record));
    }

    /**
     * Names in the order of directories and names, so many at most: a part of all, so that no state of the catalog is kept while
     * somebody works on it.
     *
     * @param after the last one of the part before; empty for the first part
     */
    public List<BytePath> pathsAfter(Optional<BytePath> after, int count) throws CatalogException {
        String sql = "SELECT DISTINCT d.path, n.name FROM directories d CROSS JOIN names n ON n.directory = d.id"
                + " WHERE d.path >= ?1 AND (d.path > ?1 OR n.name > ?2) ORDER BY d.path, n.name LIMIT ?3";
        try (PreparedStatement statement = database.prepare(sql)) {
            statement.setBytes(1, after.map(path -> path.parent().toBytes()).orElse(new byte[0]));
            statement.setBytes(2, after.map(path -> path.fileName().toBytes()).orElse(new byte[0]));
            statement.setInt(3, count);
            var found = new ArrayList<BytePath>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(BytePath.of(rows.getBytes(1)).resolve(rows.getBytes(2)));
                }
            }
            return found;
        } catch (SQLException e) {
            throw onFailure(e);
        }
    }

    /** The file systems of which the catalog has files in a directory or below it. */
    public Set<FileSystemId> fileSystemsUnder(BytePath root) throws CatalogException {
        try (PreparedStatement statement = database.prepare("SELECT DISTINCT d.file_system FROM directories d WHERE "
                + Subtree.CONDITION + " AND EXISTS (SELECT 1 FROM names n WHERE n.directory = d.id)")) {
            new Subtree(root).set(statement, 1);
            var found = new HashSet<FileSystemId>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(tables().files().fileSystems().value(rows.getLong(1)));
                }
            }
            return found;
        } catch (SQLException e) {
            throw onFailure(e);
        }
    }

    /** Figures of the whole catalog: reads all of it. */
    public CatalogStats stats() throws CatalogException {
        return read(t -> new StatsQuery(database, t).run());
    }

    /**
     * How long ago the files in a directory and below it were verified on the device, for
     * {@link io.millrace.catalog.coverage.CoveragePlanner}.
     */
    public CoverageState coverage(BytePath root) throws CatalogException {
        return read(t -> new CoverageQuery(database).run(new Subtree(root)));
    }

    /**
     * Files below these directories in the order in which they are due, a part at a time: those never verified on the device
     * first, then those that were the longest ago. A file with several names comes once for each of them, one after the other.
     *
     * @param beforeSeconds only those last verified on the device before, or never
     * @param after the last one of the part before; empty for the first part
     */
    public List<FileDue> oldestOnDevice(List<BytePath> roots, long beforeSeconds, Optional<FileDue> after, int count)
            throws CatalogException {
        return read(t -> new DueQuery(database)
                .oldest(
                        roots,
                        beforeSeconds,
                        after.map(FileDue::onDeviceSeconds).orElse(-1L),
                        after.map(FileDue::id).orElse(-1L),
                        count));
    }

    /** Names of files below these directories with one of the verdicts, the most urgent first, so many at most. */
    public List<FileDue> withVerdict(List<BytePath> roots, Collection<Verdict> verdicts, int count)
            throws CatalogException {
        return read(t -> new DueQuery(database).withVerdict(roots, verdicts, count));
    }

    /** A scan's last checkpoint. */
    public Optional<ScanCheckpoint> scan(String id) throws CatalogException {
        return read(t ->
                t.scans().read(id).stream().filter(scan -> scan.id().equals(id)).findFirst());
    }

    /** All scans' last checkpoints, in the order in which scans started. */
    public List<ScanCheckpoint> scans() throws CatalogException {
        return read(t -> t.scans().read(""));
    }

    @Override
    public void close() throws CatalogException {
        database.close();
    }
}
