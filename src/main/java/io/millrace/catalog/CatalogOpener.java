// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.catalog.CatalogException.Reason;
import io.millrace.catalog.Database.Access;
import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The way from a directory to an open database: looks before it touches, since a database that is foreign or newer stays as it
 * is, and a damaged one is kept for whoever wants to look at it. Used once, by one thread.
 */
final class CatalogOpener {
    private static final Set<OpenFlag> DIRECTORY = Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY);
    private static final Set<OpenFlag> FRESH =
            Set.of(OpenFlag.WRITE_ONLY, OpenFlag.CREATE, OpenFlag.EXCLUSIVE, OpenFlag.NO_FOLLOW);
    private static final Set<OpenFlag> PRESENT = Set.of(OpenFlag.READ_ONLY, OpenFlag.NO_FOLLOW);
    private static final int PERMISSIONS = 0640;
    private static final int ROOT = 0;

    /** Twice SQLite's: rows fill pages better. Backups have the same. */
    private static final int PAGE_BYTES = 8192;

    /** More databases than ever were damaged within a second. */
    private static final int MAX_NAMES = 100;

    private final Posix posix;
    private final CatalogPlace place;
    private final CatalogListener listener;
    private final Schema schema;

    CatalogOpener(Posix posix, CatalogPlace place, CatalogListener listener, Schema schema) {
        this.posix = posix;
        this.place = place;
        this.listener = listener;
        this.schema = schema;
    }

    /** As {@link Catalog#open}. The caller closes the result. */
    Database open() throws IOException {
        checkWritable(place.directory());
        if (posix.files().exists(place.database())) {
            Optional<String> damage = whyDamaged(place.database());
            if (damage.isPresent()) {
                BytePath aside = setAside();
                listener.onSetAside(aside, damage.get());
                if (!restore()) {
                    create();
                }
                giveToOwner();
            } else {
                checkWritable(place.database());
            }
        } else {
            create();
            giveToOwner();
        }
        return openToWrite();
    }

    /** As {@link Catalog#openExisting}. The caller closes the result. */
    Database openExisting() throws IOException {
        checkPresent();
        checkWritable(place.directory());
        checkWritable(place.database());
        openToRead().close();
        return openToWrite();
    }

    private void checkWritable(BytePath path) throws CatalogException {
        if (!posix.files().isWritable(path)) {
            throw new CatalogException(
                    Reason.READ_ONLY,
                    place.database(),
                    "open",
                    (path.equals(place.database()) ? "it" : "its directory")
                            + " may not be written, or the file system is read-only");
        }
    }

    private void checkPresent() throws IOException {
        if (!posix.files().exists(place.database())) {
            throw new CatalogException(Reason.NOT_AVAILABLE, place.database(), "open", "there is no catalog");
        }
    }

    /** As {@link Catalog#openReader}. The caller closes the result. */
    Database openToRead() throws IOException {
        checkPresent();
        Database database = Database.open(place.database(), reading(place.database()));
        try {
            database.configure(false);
            int version = schema.check(database);
            if (version < schema.version()) {
                throw new CatalogException(
                        Reason.OTHER,
                        place.database(),
                        "open",
                        "has the older schema " + version + ": start the service first");
            }
            return database;
        } catch (CatalogException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** As {@link Catalog#exists}. */
    boolean exists() throws IOException {
        return posix.files().exists(place.database());
    }

    /** As {@link Catalog#copy}. */
    void copy(BytePath target) throws IOException {
        openToRead().close();
        checkReplaceable(target);
        try (Database database = Database.open(place.database(), reading(place.database()))) {
            new DatabaseCopy(posix).copy(database, target);
        }
    }

    /** A copy takes the place of a former copy, and of nothing else. */
    private void checkReplaceable(BytePath target) throws IOException {
        if (!posix.files().exists(target)) {
            return;
        }
        if (posix.files().status(target).isSameFileAs(posix.files().status(place.database()))) {
            throw new CatalogException(Reason.OTHER, target, "copy", "is the catalog itself");
        }
        try (Database former = Database.open(target, reading(target))) {
            int unused = schema.check(former);
        } catch (CatalogException e) {
            throw new CatalogException(
                    Reason.FOREIGN, target, "copy", "is there, and is no backup of a catalog; left as it is", e);
        }
    }

    /**
     * SQLite leaves a log and its index behind a connection that only reads, and whoever writes later may not be allowed to use
     * them. Where there is no log nobody has the database open, or is about to.
     */
    private Access reading(BytePath database) throws PosixException {
        byte[] log = concat(database.fileName().toBytes(), "-wal");
        return posix.files().exists(database.parent().resolve(log)) ? Access.READ_ONLY : Access.IMMUTABLE;
    }

    private Database openToWrite() throws CatalogException {
        Database database = Database.open(place.database(), Access.READ_WRITE);
        try {
            database.configure(true);
            schema.apply(database);
            // Has a file system that is read-only say so now.
            database.execute("open", "BEGIN IMMEDIATE");
            database.execute("open", "COMMIT");
            return database;
        } catch (CatalogException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /**
     * Why a database is damaged; empty where it is not. Changes nothing.
     *
     * @throws CatalogException where it is another program's or a newer Millrace's, or cannot be read
     */
    private Optional<String> whyDamaged(BytePath path) throws IOException {
        if (posix.files().status(path).sizeBytes() == 0) {
            return Optional.of("is empty"); // which SQLite would take for a new database
        }
        try {
            try (Database looked = Database.open(path, reading(path))) {
                if (schema.check(looked) == 0) {
                    return Optional.of("has no tables");
                }
                String other = schema.whyOther(looked);
                if (!other.isEmpty()) {
                    return Optional.of(other);
                }
            }
            return whyMalformed(path);
        } catch (CatalogException e) {
            if (e.is(Reason.DAMAGED)) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    /** With locks, since a command may have it open. */
    private static Optional<String> whyMalformed(BytePath path) throws CatalogException {
        try (Database database = Database.open(path, Access.READ_ONLY)) {
            String why = database.whyDamaged(false);
            return why.isEmpty() ? Optional.empty() : Optional.of(why);
        }
    }

    /** Renames the database, and with it what SQLite keeps beside it. */
    private BytePath setAside() throws IOException {
        String stamp = BackupFiles.stamp(Instant.now());
        try (OwnedFd in = posix.files().open(place.directory(), DIRECTORY)) {
            for (int attempt = 0; ; attempt++) {
                String name = CatalogPlace.NAME + ".damaged-" + stamp + (attempt == 0 ? "" : "." + attempt);
                try {
                    rename(in, "", name);
                } catch (PosixException e) {
                    if (e.is(Errno.EEXIST) && attempt < MAX_NAMES) {
                        continue;
                    }
                    throw e;
                }
                for (String suffix : List.of("-wal", "-shm")) {
                    if (posix.files().exists(place.directory().resolve(bytes(CatalogPlace.NAME + suffix)))) {
                        rename(in, suffix, name);
                    }
                }
                posix.files().fsync(in);
                return place.directory().resolve(bytes(name));
            }
        }
    }

    private void rename(OwnedFd in, String suffix, String name) throws PosixException {
        BytePath path = place.directory().resolve(bytes(CatalogPlace.NAME + suffix));
        posix.files().renameNoReplaceAt(in, bytes(CatalogPlace.NAME + suffix), bytes(name + suffix), path);
    }

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    /** Puts the newest good backup in place of the database; false where there is none. */
    private boolean restore() throws IOException {
        if (place.backups().isEmpty()) {
            return false;
        }
        for (BytePath backup : new BackupFiles(posix, place.backups().get()).newestFirst()) {
            try {
                Optional<String> damage = whyDamaged(backup);
                if (damage.isEmpty()) {
                    try (Database from = Database.open(backup, Access.READ_ONLY)) {
                        new DatabaseCopy(posix).copy(from, place.database());
                    }
                    listener.onRestored(backup);
                    return true;
                }
                listener.onUnusableBackup(backup, damage.get());
            } catch (CatalogException e) {
                listener.onUnusableBackup(backup, String.valueOf(e.getMessage()));
            }
        }
        return false;
    }

    /** Root makes the catalog of a service too, whose user is to write it: it belongs to the owner of its directory. */
    private void giveToOwner() throws PosixException {
        if (posix.process().effectiveUser() == ROOT) {
            FileStatus directory = posix.files().status(place.directory());
            try (OwnedFd file = posix.files().open(place.database(), PRESENT)) {
                posix.files().chown(file, directory.uid(), directory.gid());
            }
        }
    }

    /** Makes an empty catalog beside its name, and renames it, so that a catalog without tables is never there. */
    private void create() throws IOException {
        byte[] temporary = DatabaseCopy.temporaryName(place.database());
        BytePath beside = place.directory().resolve(temporary);
        try (OwnedFd in = posix.files().open(place.directory(), DIRECTORY)) {
            for (String suffix : List.of("", "-wal", "-shm", "-journal")) {
                removeLeftover(in, concat(temporary, suffix));
            }
            try {
                posix.files()
                        .createAt(in, temporary, beside, FRESH, PERMISSIONS)
                        .close();
                try (Database database = Database.open(beside, Access.READ_WRITE)) {
                    database.execute("create", "PRAGMA page_size=" + PAGE_BYTES);
                    schema.apply(database);
                }
                new DatabaseCopy(posix).publish(in, temporary, place.database());
            } catch (IOException | RuntimeException e) {
                try {
                    removeLeftover(in, temporary);
                } catch (PosixException suppressed) {
                    e.addSuppressed(suppressed);
                }
                throw e;
            }
        }
        int backups = place.backups().isEmpty()
                ? 0
                : new BackupFiles(posix, place.backups().get()).newestFirst().size();
        listener.onCreated(place.database(), backups);
    }

    private static byte[] concat(byte[] name, String suffix) {
        byte[] longer = Arrays.copyOf(name, name.length + suffix.length());
        System.arraycopy(bytes(suffix), 0, longer, name.length, suffix.length());
        return longer;
    }

    private void removeLeftover(OwnedFd in, byte[] name) throws PosixException {
        try {
            posix.files().unlinkAt(in, name, place.directory().resolve(name));
        } catch (PosixException e) {
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
        }
    }
}
