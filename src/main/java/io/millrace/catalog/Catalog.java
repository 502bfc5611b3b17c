// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.catalog.CatalogException.Reason;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The durable record of files, digests and checkpoints: an SQLite database in WAL mode with {@code synchronous=FULL}. Any
 * thread; one batch of changes at a time ({@link #begin}), and any number of readers beside it ({@link #reader}). Other processes
 * may read and write it too; a statement waits up to 10 s for them. Whoever opened it closes it, after its readers.
 */
public final class Catalog implements AutoCloseable {
    private final Posix posix;
    private final CatalogPlace place;
    private final Database database;
    private final ReentrantLock writing = new ReentrantLock();

    /** Why nothing more is written: after a failed fsync(2) nobody knows what the kernel kept. Guarded by {@link #writing}. */
    private Optional<CatalogException> failure = Optional.empty();

    /** Batches that were committed. Guarded by {@link #writing}. */
    private long commits;

    /** Of the writing connection. Guarded by {@link #writing}. */
    private Tables tables;

    /** After an error of SQLite: the statements have to be made again. Guarded by {@link #writing}. */
    private boolean isStale;

    private Catalog(Posix posix, CatalogPlace place, Database database) throws CatalogException {
        this.posix = posix;
        this.place = place;
        this.database = database;
        this.tables = Tables.of(database);
    }

    /**
     * Opens a catalog, as the service does: makes it where there is none, brings an older schema up to date, checks the whole
     * database, and if that is damaged sets it aside by name and opens the newest good backup, or an empty catalog.
     *
     * @throws CatalogException where it cannot be opened or written, or is another program's or a newer Millrace's; nothing was
     *     changed then
     * @throws IOException another failure of a system call around it
     */
    public static Catalog open(Posix posix, CatalogPlace place, CatalogListener listener) throws IOException {
        return over(posix, place, new CatalogOpener(posix, place, listener, Schema.CURRENT).open());
    }

    /** Opens the catalog of a service, which may be running, for changes by an operator: one that is there and not damaged. */
    public static Catalog openExisting(Posix posix, CatalogPlace place) throws IOException {
        var opener = new CatalogOpener(posix, place, CatalogListener.NONE, Schema.CURRENT);
        return over(posix, place, opener.openExisting());
    }

    /** Opens it only to read, without a check of the whole database. */
    public static CatalogReader openReader(Posix posix, CatalogPlace place) throws IOException {
        return new CatalogReader(new CatalogOpener(posix, place, CatalogListener.NONE, Schema.CURRENT).openToRead());
    }

    /** As {@link #backup}, without a right to write the catalog; for a command beside the service. */
    public static void copy(Posix posix, CatalogPlace place, BytePath target) throws IOException {
        new CatalogOpener(posix, place, CatalogListener.NONE, Schema.CURRENT).copy(target);
    }

    /** Whether a database is there, of whatever kind. */
    public static boolean exists(Posix posix, CatalogPlace place) throws IOException {
        return new CatalogOpener(posix, place, CatalogListener.NONE, Schema.CURRENT).exists();
    }

    private static Catalog over(Posix posix, CatalogPlace place, Database database) throws CatalogException {
        try {
            return new Catalog(posix, place, database);
        } catch (CatalogException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    public CatalogPlace place() {
        return place;
    }

    /** A connection of its own, which the caller closes. */
    public CatalogReader reader() throws CatalogException {
        Database reading = Database.open(place.database(), Database.Access.READ_ONLY);
        try {
            reading.configure(false);
            return new CatalogReader(reading);
        } catch (CatalogException | RuntimeException e) {
            reading.close();
            throw e;
        }
    }

    /** Waits for the write lock and begins a batch, which this thread commits and closes. */
    public WriteBatch begin() throws CatalogException {
        if (writing.isHeldByCurrentThread()) {
            throw new IllegalStateException("this thread has a batch already");
        }
        writing.lock();
        try {
            if (failure.isPresent()) {
                throw new CatalogException(
                        Reason.IO_ERROR,
                        place.database(),
                        "write",
                        "nothing is written since the database failed, until the catalog is opened again",
                        failure.get());
            }
            if (isStale) {
                database.closeKept();
                tables = Tables.of(database);
                isStale = false;
            }
            database.execute("write", "BEGIN IMMEDIATE");
            return new WriteBatch(new BatchOwner(), database, tables);
        } catch (CatalogException | RuntimeException e) {
            writing.unlock();
            throw e;
        }
    }

    /** Of the batch that is open. */
    private final class BatchOwner implements WriteBatch.Owner {
        /** An I/O error is final, and after any error statements are to be made again. */
        @Override
        public CatalogException onFailure(CatalogException e) {
            isStale = true;
            // SQLITE_CORRUPT too: on a file system that was shut down, xfs gives that instead of EIO.
            if ((e.is(Reason.IO_ERROR) || e.is(Reason.DAMAGED)) && failure.isEmpty()) {
                failure = Optional.of(e);
            }
            return e;
        }

        @Override
        public CatalogMark mark() throws CatalogException {
            return new CatalogMark(database.number("read", "PRAGMA data_version"), commits);
        }

        @Override
        public void onCommitted() {
            commits++;
            writing.unlock();
        }

        @Override
        public void rollBack() {
            try {
                database.execute("roll back", "ROLLBACK");
            } catch (CatalogException e) {
                // SQLite has rolled back by itself, as it does after some errors; else it is one more of these.
                CatalogException ignored = onFailure(e);
            } finally {
                tables.files().forgetCached();
                tables.names().forgetCached();
                writing.unlock();
            }
        }
    }

    /**
     * Copies the whole catalog as it is now into a file, which is there when this returns, durable, and checked; a former one of
     * the name is replaced. Changes may be made meanwhile. Any thread.
     *
     * @param target in a directory that exists
     */
    public void backup(BytePath target) throws IOException {
        try (Database reading = Database.open(place.database(), Database.Access.READ_ONLY)) {
            new DatabaseCopy(posix).copy(reading, target);
        }
    }

    /** What SQLite finds wrong with tables and indexes: one line, empty where nothing is. Reads all of it. */
    public String whyDamaged() throws CatalogException {
        try (Database reading = Database.open(place.database(), Database.Access.READ_ONLY)) {
            return reading.whyDamaged(true);
        }
    }

    /** Waits for a batch that is open, then closes the database. */
    @Override
    public void close() throws CatalogException {
        writing.lock();
        try {
            database.close();
        } finally {
            writing.unlock();
        }
    }
}
