// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.catalog.CatalogException.Reason;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The tables, by version. {@code PRAGMA user_version} has the version, {@code application_id} tells a catalog from databases of
 * other programs. A step to the next version is one transaction: it happens as a whole or not at all.
 */
final class Schema {
    /** "MRca", as file(1) could be told. */
    static final int APPLICATION_ID = 0x4D526361;

    /** From one version to the next. */
    interface Step {
        void apply(Connection connection) throws SQLException;
    }

    /** The step at index n leads from version n to n + 1; the first one from an empty file. Never change one that was released. */
    static final Schema CURRENT = new Schema(List.of(Schema::first));

    private static final String[] FIRST = {
        "CREATE TABLE file_systems(id INTEGER PRIMARY KEY, uuid BLOB NOT NULL UNIQUE) STRICT",
        "CREATE TABLE digest_sets(id INTEGER PRIMARY KEY, names TEXT NOT NULL UNIQUE) STRICT",
        // The path first: exports are in the order of paths.
        "CREATE TABLE directories(id INTEGER PRIMARY KEY, file_system INTEGER NOT NULL, path BLOB NOT NULL) STRICT",
        "CREATE UNIQUE INDEX directories_by_path ON directories(path, file_system)",
        """
        CREATE TABLE files(
            id INTEGER PRIMARY KEY,
            file_system INTEGER NOT NULL,
            inode INTEGER NOT NULL,
            generation INTEGER NOT NULL,
            size INTEGER NOT NULL,
            modified INTEGER NOT NULL,
            changed_after INTEGER NOT NULL, -- ctime less mtime, which is mostly 0 and then takes no room
            first_seen INTEGER NOT NULL,
            verified_after INTEGER NOT NULL, -- last_verified less the later of first_seen and on_device: mostly 0
            on_device INTEGER NOT NULL, -- when last verified on the device
            class INTEGER NOT NULL,
            unsettled INTEGER NOT NULL,
            verdict INTEGER NOT NULL,
            checksum INTEGER NOT NULL, -- CRC-32C over all of the record
            digest_set INTEGER NOT NULL,
            digests BLOB NOT NULL,
            provenance BLOB NOT NULL,
            blocks BLOB NOT NULL
        ) STRICT""",
        "CREATE UNIQUE INDEX files_by_key ON files(file_system, inode, generation)",
        "CREATE INDEX files_by_device_date ON files(on_device)",
        """
        CREATE TABLE names(
            directory INTEGER NOT NULL, name BLOB NOT NULL, file INTEGER NOT NULL, PRIMARY KEY(directory, name)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX names_by_file ON names(file)",
        """
        CREATE TABLE scans(
            id TEXT PRIMARY KEY,
            specification TEXT NOT NULL,
            state TEXT NOT NULL,
            started INTEGER NOT NULL,
            updated INTEGER NOT NULL,
            files INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            failed INTEGER NOT NULL,
            position BLOB NOT NULL,
            digest_state BLOB NOT NULL,
            checksum INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID""",
    };

    private final List<Step> steps;

    Schema(List<Step> steps) {
        this.steps = steps;
    }

    int version() {
        return steps.size();
    }

    private static void first(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : FIRST) {
                boolean ignored = statement.execute(sql);
            }
        }
    }

    /**
     * Makes all tables in an empty database, or brings older ones up to date.
     *
     * @throws CatalogException where a step fails; the database is then as the step before left it
     */
    void apply(Database database) throws CatalogException {
        for (int version = check(database); version < steps.size(); version++) {
            String what = "schema " + version + " to " + (version + 1);
            database.execute(what, "BEGIN IMMEDIATE");
            try {
                Step step = steps.get(version);
                boolean ignored = database.call(what, connection -> {
                    step.apply(connection);
                    return true;
                });
                database.execute(what, "PRAGMA application_id=" + APPLICATION_ID);
                database.execute(what, "PRAGMA user_version=" + (version + 1));
                database.execute(what, "COMMIT");
            } catch (CatalogException | RuntimeException e) {
                try {
                    database.execute(what, "ROLLBACK");
                } catch (CatalogException suppressed) {
                    e.addSuppressed(suppressed);
                }
                throw e;
            }
        }
    }

    /** Why the tables are not those of the database's version; empty where they are. One flipped bit can rename a column. */
    String whyOther(Database database) throws CatalogException {
        int version = check(database);
        try (Database expected = Database.inMemory()) {
            new Schema(steps.subList(0, version)).apply(expected);
            return describe(database).equals(describe(expected)) ? "" : "its tables are not those of schema " + version;
        }
    }

    private static List<String> describe(Database database) throws CatalogException {
        return database.call("check", connection -> {
            var tables = new ArrayList<String>();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name")) {
                while (rows.next()) {
                    tables.add(rows.getString(1)
                            + ' '
                            + rows.getString(2)
                            + ' '
                            + rows.getString(3)
                            + ' '
                            + rows.getString(4));
                }
            }
            return tables;
        });
    }

    /** The version; throws for a database of another program, and for a newer one. Changes nothing. */
    int check(Database database) throws CatalogException {
        long application = database.number("check", "PRAGMA application_id");
        int version = (int) database.number("check", "PRAGMA user_version");
        boolean isEmpty = database.number("check", "SELECT count(*) FROM sqlite_schema") == 0;
        if (application != APPLICATION_ID && !(isEmpty && application == 0 && version == 0)) {
            throw new CatalogException(
                    Reason.FOREIGN, database.file(), "open", "is a database of another program; left as it is");
        }
        if (version > steps.size()) {
            throw new CatalogException(
                    Reason.NEWER_SCHEMA,
                    database.file(),
                    "open",
                    "has schema " + version + " of a newer Millrace, this one knows " + steps.size()
                            + "; left as it is");
        }
        return version;
    }
}
