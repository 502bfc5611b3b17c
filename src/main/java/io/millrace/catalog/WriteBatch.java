// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.catalog.record.FileKey;
import io.millrace.catalog.record.FileRecord;
import io.millrace.catalog.record.FileSystemId;
import io.millrace.posix.libc.BytePath;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Changes of the catalog that become durable together, by {@link #commit}, or not at all. Holds the catalog's write lock from
 * {@link Catalog#begin} to {@link #close}: the thread that began it makes it short. It sees its own changes.
 */
public final class WriteBatch implements AutoCloseable {
    /** The catalog, whose write lock the batch holds. */
    interface Owner {
        /** Takes note of an error, and returns the exception that the batch throws. */
        CatalogException onFailure(CatalogException e);

        /** The state of the catalog before the batch. */
        CatalogMark mark() throws CatalogException;

        /** The batch was committed: frees the lock. */
        void onCommitted();

        /** The batch ends without a commit: drops its changes and frees the lock. */
        void rollBack();
    }

    private final Owner owner;
    private final Database database;
    private final FileTable files;
    private final NameTable names;
    private final ScanTable scans;
    private boolean isOpen = true;

    WriteBatch(Owner owner, Database database, Tables tables) {
        this.owner = owner;
        this.database = database;
        this.files = tables.files();
        this.names = tables.names();
        this.scans = tables.scans();
    }

    /** A change of rows. */
    private interface Change<T> {
        T make() throws SQLException, CatalogException;
    }

    private <T> T change(Change<T> change) throws CatalogException {
        if (!isOpen) {
            throw new IllegalStateException("the batch is over");
        }
        try {
            return change.make();
        } catch (SQLException e) {
            throw owner.onFailure(database.failure("write", e));
        }
    }

    /** Records a file, in place of what was recorded of the same key, and that it has this name now. */
    public void put(BytePath path, FileRecord record) throws CatalogException {
        NameTable.check(path);
        Object ignored = change(() -> {
            long id = files.put(record);
            names.link(files.fileSystems().idOf(record.key().fileSystem()), path, id);
            return path;
        });
    }

    /** Records a file whose names stay as they are. */
    public void put(FileRecord record) throws CatalogException {
        long ignored = change(() -> files.put(record));
    }

    /** Takes a name away: the file was renamed, or this link of it removed. The file's record stays. */
    public void dropName(FileSystemId fileSystem, BytePath path) throws CatalogException {
        NameTable.check(path);
        Object ignored = change(() -> {
            Optional<Long> id = files.fileSystems().find(fileSystem);
            if (id.isPresent()) {
                names.unlink(id.get(), path);
            }
            return path;
        });
    }

    /**
     * Removes one name of a file on this file system, and the file's record where it has no other name.
     *
     * @return whether the name was there
     */
    public boolean forget(FileSystemId fileSystem, BytePath path) throws CatalogException {
        NameTable.check(path);
        return change(() -> {
            Optional<Long> id = files.fileSystems().find(fileSystem);
            OptionalLong file = id.isEmpty() ? OptionalLong.empty() : names.fileAt(id.get(), path);
            if (id.isEmpty() || file.isEmpty()) {
                return false;
            }
            names.unlink(id.get(), path);
            long ignored = update("DELETE FROM files WHERE id = " + file.getAsLong()
                    + " AND NOT EXISTS (SELECT 1 FROM names WHERE names.file = files.id)");
            return true;
        });
    }

    /** What is recorded of a file, changes of this batch included. */
    public Optional<FileRecord> find(FileKey key) throws CatalogException {
        return change(() -> files.find(key));
    }

    /** The names of a file, as {@link CatalogReader#names}. */
    public Optional<List<BytePath>> names(FileKey key) throws CatalogException {
        return change(() -> {
            OptionalLong id = files.idOf(key);
            return id.isEmpty() ? Optional.empty() : Optional.of(names.namesOf(id.getAsLong()));
        });
    }

    /** What is recorded under this name, as {@link CatalogReader#find(BytePath)}. */
    public List<FileRecord> find(BytePath path) throws CatalogException {
        return change(() -> {
            var found = new ArrayList<FileRecord>();
            for (long id : names.filesAt(path)) {
                files.find(id).ifPresent(found::add);
            }
            return found;
        });
    }

    /** The state in which the batch found the catalog. */
    public CatalogMark mark() throws CatalogException {
        return change(owner::mark);
    }

    /** Whether this file has this name. */
    public boolean hasName(FileKey key, BytePath path) throws CatalogException {
        return change(() -> {
            Optional<Long> id = files.fileSystems().find(key.fileSystem());
            OptionalLong file = id.isEmpty() ? OptionalLong.empty() : names.fileAt(id.get(), path);
            return file.isPresent() && file.equals(files.idOf(key));
        });
    }

    /** What is recorded of the file that has this name on this file system, changes of this batch included. */
    public Optional<FileRecord> findNamed(BytePath path, FileSystemId fileSystem) throws CatalogException {
        return change(() -> {
            Optional<Long> id = files.fileSystems().find(fileSystem);
            OptionalLong file = id.isEmpty() ? OptionalLong.empty() : names.fileAt(id.get(), path);
            return file.isEmpty() ? Optional.empty() : files.find(file.getAsLong());
        });
    }

    /** The file that has this name on this file system. */
    public Optional<FileKey> keyAt(BytePath path, FileSystemId fileSystem) throws CatalogException {
        return change(() -> {
            Optional<Long> id = files.fileSystems().find(fileSystem);
            OptionalLong file = id.isEmpty() ? OptionalLong.empty() : names.fileAt(id.get(), path);
            return file.isEmpty()
                    ? Optional.empty()
                    : files.find(file.getAsLong()).map(FileRecord::key);
        });
    }

    /**
     * Removes a name, or all names in a directory and below it, and the records of files that have no other name.
     *
     * @return how many names there were
     */
    public long forget(BytePath path) throws CatalogException {
        return change(() -> {
            long ignored = update("CREATE TEMP TABLE IF NOT EXISTS forgotten(file INTEGER PRIMARY KEY)");
            ignored = update("DELETE FROM temp.forgotten");
            long count = forgetName(path) + forgetTree(path);
            ignored = update("DELETE FROM files WHERE id IN (SELECT file FROM temp.forgotten)"
                    + " AND NOT EXISTS (SELECT 1 FROM names WHERE names.file = files.id)");
            names.forgetCached();
            return count;
        });
    }

    private long forgetName(BytePath path) throws SQLException, CatalogException {
        String where = " WHERE name = ?1 AND directory IN (SELECT id FROM directories WHERE path = ?2)";
        long count = 0;
        for (String sql : List.of(
                "INSERT OR IGNORE INTO temp.forgotten SELECT file FROM names" + where, "DELETE FROM names" + where)) {
            try (PreparedStatement statement = database.prepare(sql)) {
                statement.setBytes(1, path.fileName().toBytes());
                statement.setBytes(2, path.parent().toBytes());
                count = statement.executeUpdate();
            }
        }
        return count;
    }

    private long forgetTree(BytePath path) throws SQLException, CatalogException {
        var subtree = new Subtree(path);
        String where = " WHERE directory IN (SELECT d.id FROM directories d WHERE " + Subtree.CONDITION + ")";
        long ignored = update("INSERT OR IGNORE INTO temp.forgotten SELECT file FROM names" + where, subtree);
        long count = update("DELETE FROM names" + where, subtree);
        ignored = update("DELETE FROM directories AS d WHERE " + Subtree.CONDITION, subtree);
        return count;
    }

    /**
     * Removes records that no name leads to any more and that no pass has confirmed since: of files that were replaced, or whose
     * names were dropped. To be called when a scan of everything is over, since until then a file may turn up under a new name.
     *
     * @return how many there were
     */
    public long removeNameless(long beforeSeconds) throws CatalogException {
        return change(() -> update("DELETE FROM files AS f WHERE " + FileTable.LAST_VERIFIED + " < " + beforeSeconds
                + " AND NOT EXISTS (SELECT 1 FROM names WHERE names.file = f.id)"));
    }

    private long update(String sql) throws SQLException, CatalogException {
        try (PreparedStatement statement = database.prepare(sql)) {
            return statement.executeUpdate();
        }
    }

    private long update(String sql, Subtree subtree) throws SQLException, CatalogException {
        try (PreparedStatement statement = database.prepare(sql)) {
            subtree.set(statement, 1);
            return statement.executeUpdate();
        }
    }

    /** Takes down how far a scan is, in place of its former checkpoint. */
    public void put(ScanCheckpoint scan) throws CatalogException {
        Object ignored = change(() -> {
            scans.put(scan);
            return scan;
        });
    }

    public void removeScan(String id) throws CatalogException {
        Object ignored = change(() -> {
            scans.remove(id);
            return id;
        });
    }

    /**
     * Makes all changes durable. When this returns, they outlive a power cut; after an exception none of them is there, and none
     * may be called recorded.
     */
    public void commit() throws CatalogException {
        if (!isOpen) {
            throw new IllegalStateException("the batch is over");
        }
        try {
            database.execute("commit", "COMMIT");
        } catch (CatalogException e) {
            throw owner.onFailure(e);
        }
        isOpen = false;
        owner.onCommitted();
    }

    /** Drops what was not committed. */
    @Override
    public void close() throws CatalogException {
        if (isOpen) {
            isOpen = false;
            owner.rollBack();
        }
    }
}
