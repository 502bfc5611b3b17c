// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.catalog.record.Amount;
import io.millrace.catalog.record.FileClass;
import io.millrace.catalog.record.Verdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;

/** Reads {@link CatalogStats}, adding up here: SQLite would sort all rows to group them. As its connection, one thread at a time. */
final class StatsQuery {
    private final Database database;

    StatsQuery(Database database) {
        this.database = database;
    }

    CatalogStats run() throws SQLException, CatalogException {
        var byVerdict = new EnumMap<Verdict, Amount>(Verdict.class);
        Amount all = Amount.ZERO;
        Amount live = Amount.ZERO;
        Amount onDevice = Amount.ZERO;
        try (var query = database.prepare("SELECT verdict, class, on_device > 0, size FROM files");
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                var amount = new Amount(1, row.getLong(4));
                byVerdict.merge(Verdict.ofCode(row.getInt(1)), amount, Amount::plus);
                all = all.plus(amount);
                live = row.getInt(2) == FileClass.LIVE.code() ? live.plus(amount) : live;
                onDevice = row.getBoolean(3) ? onDevice.plus(amount) : onDevice;
            }
        } catch (IllegalArgumentException e) {
            throw new CatalogException(
                    CatalogException.Reason.DAMAGED, database.file(), "read", String.valueOf(e.getMessage()), e);
        }
        return new CatalogStats(
                all,
                number("SELECT count(*) FROM names"),
                number("SELECT count(*) FROM directories"),
                number("SELECT count(*) FROM file_systems"),
                byVerdict,
                live,
                onDevice,
                number("SELECT min(on_device) FROM files WHERE on_device > 0"),
                number("PRAGMA page_count") * number("PRAGMA page_size"));
    }

    private long number(String sql) throws CatalogException {
        return database.number("read", sql);
    }
}
