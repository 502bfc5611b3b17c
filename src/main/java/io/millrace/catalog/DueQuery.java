// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.catalog.record.FileClass;
import io.millrace.catalog.record.Verdict;
import io.millrace.posix.libc.BytePath;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** Reads {@link FileDue}s in parts, so that no state of the catalog is kept while they are read. One thread at a time. */
final class DueQuery {
    private static final String COLUMNS =
            "SELECT f.id, d.path, n.name, f.size, f.first_seen, f.on_device, f.class, f.verdict FROM files f";
    private static final String NAMES =
            " CROSS JOIN names n ON n.file = f.id CROSS JOIN directories d ON d.id = n.directory WHERE ";
    private static final int FIRST_COLUMN = 2;

    private final Database database;

    DueQuery(Database database) {
        this.database = database;
    }

    /** {@link CatalogReader#oldestOnDevice}. */
    List<FileDue> oldest(List<BytePath> roots, long beforeSeconds, long afterSeconds, long afterId, int count)
            throws SQLException, CatalogException {
        String sql = COLUMNS + " INDEXED BY files_by_device_date" + NAMES + subtrees(roots)
                + " AND f.on_device < ? AND (f.on_device > ? OR f.on_device = ? AND f.id > ?)"
                + " ORDER BY f.on_device, f.id LIMIT ?";
        try (PreparedStatement statement = database.prepare(sql)) {
            int at = set(statement, roots);
            statement.setLong(at, beforeSeconds);
            statement.setLong(at + 1, afterSeconds);
            statement.setLong(at + 2, afterSeconds);
            statement.setLong(at + 3, afterId);
            statement.setInt(at + 4, count);
            return read(statement);
        }
    }

    /** {@link CatalogReader#withVerdict}. */
    List<FileDue> withVerdict(List<BytePath> roots, Collection<Verdict> verdicts, int count)
            throws SQLException, CatalogException {
        String codes = verdicts.stream()
                .map(verdict -> String.valueOf(verdict.code()))
                .collect(Collectors.joining(",", "(", ")"));
        String sql = COLUMNS + NAMES + subtrees(roots) + " AND f.verdict IN " + codes
                + " ORDER BY f.verdict DESC, f.id LIMIT ?";
        try (PreparedStatement statement = database.prepare(sql)) {
            statement.setInt(set(statement, roots), count);
            return read(statement);
        }
    }

    private static String subtrees(List<BytePath> roots) {
        return "(" + String.join(" OR ", Collections.nCopies(roots.size(), Subtree.CONDITION)) + ")";
    }

    /** Returns the number of the first parameter behind those of the subtrees. */
    private static int set(PreparedStatement statement, List<BytePath> roots) throws SQLException {
        int at = 1;
        for (BytePath root : roots) {
            new Subtree(root).set(statement, at);
            at += Subtree.PARAMETERS;
        }
        return at;
    }

    private List<FileDue> read(PreparedStatement statement) throws SQLException, CatalogException {
        var found = new ArrayList<FileDue>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                found.add(new FileDue(
                        row.getLong(1),
                        BytePath.of(row.getBytes(FIRST_COLUMN)).resolve(row.getBytes(3)),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6),
                        FileClass.ofCode(row.getInt(7)),
                        Verdict.ofCode(row.getInt(8))));
            }
            return found;
        } catch (IllegalArgumentException e) {
            throw new CatalogException(
                    CatalogException.Reason.DAMAGED, database.file(), "read", String.valueOf(e.getMessage()), e);
        }
    }
}
