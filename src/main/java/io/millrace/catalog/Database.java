// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.catalog.CatalogException.Reason;
import io.millrace.posix.libc.BytePath;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/**
 * One connection to an SQLite database, and the only place that turns its errors into messages. One thread at a time. Whoever
 * opened it closes it.
 */
final class Database implements AutoCloseable {
    /** So long a statement waits for another process or thread, in milliseconds. */
    private static final int BUSY_MILLIS = 10_000;

    /** Of pages that a connection keeps, in KiB; negative as SQLite wants it. */
    private static final int CACHE_KIB = -8 * 1024;

    /** What may stay of the write-ahead log after a checkpoint. */
    private static final long MAX_LOG_BYTES = 64L << 20;

    /** Bits of an extended result code that are the plain one. */
    private static final int PLAIN_CODE = 0xFF;

    enum Access {
        READ_ONLY,
        /** Without locks and without files beside it: nobody has it open, and no log belongs to it. */
        IMMUTABLE,
        READ_WRITE,
        /** Makes the file where there is none. */
        CREATE
    }

    /** Something done with a connection. */
    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    private final BytePath file;
    private final Connection connection;
    private final List<PreparedStatement> kept = new ArrayList<>();

    private Database(BytePath file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    static Database open(BytePath file, Access access, int busyMillis) throws CatalogException {
        var config = new SQLiteConfig();
        config.resetOpenMode(SQLiteOpenMode.READWRITE);
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        switch (access) {
            case READ_ONLY, IMMUTABLE -> config.setReadOnly(true);
            case READ_WRITE -> config.setOpenMode(SQLiteOpenMode.READWRITE);
            case CREATE -> {
                config.setOpenMode(SQLiteOpenMode.READWRITE);
                config.setOpenMode(SQLiteOpenMode.CREATE);
            }
        }
        config.setOpenMode(SQLiteOpenMode.OPEN_URI);
        config.setBusyTimeout(busyMillis);
        String mode = switch (access) {
            case READ_ONLY -> "?mode=ro";
            case IMMUTABLE -> "?mode=ro&immutable=1";
            case READ_WRITE -> "?mode=rw";
            case CREATE -> "?mode=rwc";
        };
        String uri = uri(file) + mode;
        try {
            return new Database(file, new SqliteConnection(uri, config));
        } catch (SQLException e) {
            throw failure(file, "open", e);
        } catch (LinkageError e) {
            throw new CatalogException(
                    Reason.OTHER, file, "open", "SQLite's library cannot be loaded: " + e.getMessage(), e);
        }
    }

    static Database open(BytePath file, Access access) throws CatalogException {
        return open(file, access, BUSY_MILLIS);
    }

    /** An empty database that is no file. */
    static Database inMemory() throws CatalogException {
        BytePath name = BytePath.of(":memory:");
        try {
            return new Database(name, new SqliteConnection(":memory:", new SQLiteConfig()));
        } catch (SQLException e) {
            throw failure(name, "open", e);
        }
    }

    /** By its constructor, since DriverManager loads every driver on the class path. */
    private static final class SqliteConnection extends org.sqlite.jdbc4.JDBC4Connection {
        SqliteConnection(String uri, SQLiteConfig config) throws SQLException {
            super("jdbc:sqlite:" + uri, uri, config.toProperties());
        }
    }

    /** A URI, since a plain name would lose bytes that are not UTF-8, and end at a question mark. */
    static String uri(BytePath file) {
        // With an empty authority, or "//d" at the beginning of a path would be one.
        var uri = new StringBuilder(file.toBytes()[0] == '/' ? "file://" : "file:");
        for (byte b : file.toBytes()) {
            boolean isPlain =
                    b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || "/-._".indexOf(b) >= 0;
            uri.append(isPlain ? String.valueOf((char) b) : String.format("%%%02X", b & 0xFF));
        }
        return uri.toString();
    }

    /** How a catalog's connections work; {@code WAL} is a property of the file and survives. */
    void configure(boolean writer) throws CatalogException {
        List<String> pragmas = new ArrayList<>(List.of(
                "trusted_schema=OFF",
                "cell_size_check=ON",
                "foreign_keys=OFF",
                "mmap_size=0", // an I/O error in a mapping would be SIGBUS
                "cache_size=" + CACHE_KIB));
        if (writer) {
            // FULL: NORMAL loses commits at a power cut.
            pragmas.addAll(List.of("journal_mode=WAL", "synchronous=FULL", "journal_size_limit=" + MAX_LOG_BYTES));
        } else {
            pragmas.add("query_only=ON");
        }
        for (String pragma : pragmas) {
            execute("open", "PRAGMA " + pragma);
        }
    }

    BytePath file() {
        return file;
    }

    void execute(String what, String sql) throws CatalogException {
        try (Statement statement = connection.createStatement()) {
            boolean ignored = statement.execute(sql);
        } catch (SQLException e) {
            throw failure(what, e);
        }
    }

    /** The first column of the first row. */
    long number(String what, String sql) throws CatalogException {
        return call(what, c -> {
            try (Statement statement = c.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                return rows.next() ? rows.getLong(1) : 0L;
            }
        });
    }

    <T> T call(String what, Work<T> work) throws CatalogException {
        try {
            return work.with(connection);
        } catch (SQLException e) {
            throw failure(what, e);
        }
    }

    /** The caller closes it. */
    PreparedStatement prepare(String sql) throws CatalogException {
        return call("prepare", c -> c.prepareStatement(sql));
    }

    /** For use again and again, until {@link #closeKept} or {@link #close}. */
    PreparedStatement keep(String sql) throws CatalogException {
        PreparedStatement statement = prepare(sql);
        kept.add(statement);
        return statement;
    }

    /** After an error the driver has finalized the statement that met it, so all are to be made again. */
    void closeKept() throws CatalogException {
        List<PreparedStatement> all = List.copyOf(kept);
        kept.clear();
        for (PreparedStatement statement : all) {
            boolean ignored = call("close", c -> {
                statement.close();
                return true;
            });
        }
    }

    /** Has a long statement of another thread end, with SQLITE_INTERRUPT. Any thread. */
    void interrupt() throws CatalogException {
        Object ignored = call("interrupt", c -> {
            ((SQLiteConnection) c).getDatabase().interrupt();
            return file;
        });
    }

    /** What is wrong with the database; empty where SQLite finds nothing. {@code indexes}: compares them with tables, too. */
    String whyDamaged(boolean indexes) throws CatalogException {
        try {
            return call("check", c -> {
                try (Statement statement = c.createStatement();
                        ResultSet rows = statement.executeQuery(
                                indexes ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)")) {
                    String first = rows.next() ? rows.getString(1) : "no answer";
                    return first.equals("ok") ? "" : first.replace('\n', ' ').replace("*** in database main *** ", "");
                }
            });
        } catch (CatalogException e) {
            if (e.is(Reason.DAMAGED)) {
                return String.valueOf(e.getMessage());
            }
            throw e;
        }
    }

    CatalogException failure(String what, SQLException e) {
        return failure(file, what, e);
    }

    private static CatalogException failure(BytePath file, String what, SQLException e) {
        SQLiteErrorCode code = e instanceof SQLiteException s ? s.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
        Throwable cause = e;
        for (int depth = 0; cause != null && depth < 8; depth++) {
            if (cause instanceof LinkageError) {
                return new CatalogException(
                        Reason.OTHER, file, what, "SQLite's library cannot be loaded: " + cause.getMessage(), e);
            }
            cause = cause.getCause();
        }
        String words = code == SQLiteErrorCode.UNKNOWN_ERROR || code.code < 0
                ? String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                : words(code);
        return new CatalogException(reason(code), file, what, words + " (" + code.name() + ")", e);
    }

    private static Reason reason(SQLiteErrorCode code) {
        return switch (SQLiteErrorCode.getErrorCode(code.code & PLAIN_CODE)) {
            case SQLITE_BUSY, SQLITE_LOCKED -> Reason.LOCKED;
            case SQLITE_READONLY, SQLITE_PERM -> Reason.READ_ONLY;
            case SQLITE_FULL -> Reason.DISK_FULL;
            case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT -> Reason.DAMAGED;
            case SQLITE_IOERR -> Reason.IO_ERROR;
            case SQLITE_CANTOPEN, SQLITE_AUTH -> Reason.NOT_AVAILABLE;
            default -> Reason.OTHER;
        };
    }

    private static String words(SQLiteErrorCode code) {
        return switch (reason(code)) {
            case LOCKED -> "another process holds the database";
            case READ_ONLY -> "the database cannot be written";
            case DISK_FULL -> "no space left on the file system";
            case DAMAGED -> "the database is damaged, or is none";
            case NOT_AVAILABLE -> "the database cannot be opened";
            default -> code.message;
        };
    }

    @Override
    public void close() throws CatalogException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failure("close", e);
        }
    }
}
