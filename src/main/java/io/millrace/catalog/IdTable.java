// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A small table of values that rows elsewhere have by number: file systems, sets of digests. All values that were asked for are
 * kept in memory, a few dozens. As its connection, one thread at a time.
 *
 * @param <V> a value with equals
 */
final class IdTable<V> {
    /** Between a value and what SQLite keeps of it. */
    interface Codec<V> {
        /** A byte array or text. */
        Object encode(V value);

        /** Throws {@link IllegalArgumentException} for what is no value. */
        V decode(ResultSet row, int column) throws SQLException;
    }

    private final PreparedStatement find;
    private final PreparedStatement read;
    private final PreparedStatement insert;
    private final Codec<V> codec;
    private final Map<V, Long> ids = new HashMap<>();
    private final Map<Long, V> values = new HashMap<>();

    IdTable(Database database, String table, String column, Codec<V> codec) throws CatalogException {
        this.codec = codec;
        find = database.keep("SELECT id FROM " + table + " WHERE " + column + " = ?");
        read = database.keep("SELECT " + column + " FROM " + table + " WHERE id = ?");
        insert = database.keep("INSERT INTO " + table + "(" + column + ") VALUES (?) RETURNING id");
    }

    /** Empty where no row has it. */
    Optional<Long> find(V value) throws SQLException {
        Long known = ids.get(value);
        if (known != null) {
            return Optional.of(known);
        }
        find.setObject(1, codec.encode(value));
        try (ResultSet rows = find.executeQuery()) {
            if (!rows.next()) {
                return Optional.empty();
            }
            return Optional.of(remember(value, rows.getLong(1)));
        }
    }

    /** Adds a row where there is none. */
    long idOf(V value) throws SQLException {
        Optional<Long> known = find(value);
        if (known.isPresent()) {
            return known.get();
        }
        insert.setObject(1, codec.encode(value));
        try (ResultSet rows = insert.executeQuery()) {
            if (!rows.next()) {
                throw new SQLException("no row was added");
            }
            return remember(value, rows.getLong(1));
        }
    }

    /** {@link IllegalArgumentException} for a number that no row has. */
    V value(long id) throws SQLException {
        V known = values.get(id);
        if (known != null) {
            return known;
        }
        read.setLong(1, id);
        try (ResultSet rows = read.executeQuery()) {
            if (!rows.next()) {
                throw new IllegalArgumentException("no row " + id);
            }
            V value = codec.decode(rows, 1);
            long ignored = remember(value, id);
            return value;
        }
    }

    private long remember(V value, long id) {
        ids.put(value, id);
        values.put(id, value);
        return id;
    }

    /** After a rollback: numbers that were given in it are no longer. */
    void forgetCached() {
        ids.clear();
        values.clear();
    }
}
