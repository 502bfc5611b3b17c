// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.catalog.coverage.CoverageState;
import io.millrace.catalog.record.Amount;
import io.millrace.catalog.record.FileClass;
import io.millrace.catalog.record.Verdict;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Reads {@link CoverageState}, hours and amounts whatever the number of files, adding up here: SQLite would sort all rows to group
 * them. As its connection, one thread at a time.
 */
final class CoverageQuery {
    private static final String SQL = "SELECT f.class, f.verdict, f.on_device, f.first_seen, f.size FROM files f"
            + " WHERE EXISTS (SELECT 1 FROM names n CROSS JOIN directories d ON d.id = n.directory"
            + " WHERE n.file = f.id AND " + Subtree.CONDITION + ")";

    private final Database database;

    CoverageQuery(Database database) {
        this.database = database;
    }

    CoverageState run(Subtree subtree) throws SQLException, CatalogException {
        var state = CoverageState.builder();
        try (var query = database.prepare(SQL)) {
            subtree.set(query, 1);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    var amount = new Amount(1, row.getLong(5));
                    add(state, row, amount);
                }
            }
        } catch (IllegalArgumentException e) {
            throw new CatalogException(
                    CatalogException.Reason.DAMAGED, database.file(), "read", String.valueOf(e.getMessage()), e);
        }
        return state.build();
    }

    private static void add(CoverageState.Builder state, ResultSet row, Amount amount) throws SQLException {
        state.file(
                amount, Verdict.ofCode(row.getInt(2)), FileClass.ofCode(row.getInt(1)), row.getLong(4), row.getLong(3));
    }
}
