// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.catalog.record.Amount;
import io.millrace.catalog.record.FileClass;
import io.millrace.catalog.record.Verdict;
import io.millrace.posix.libc.BytePath;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads {@link CatalogStats}, adding up here: SQLite would sort all rows to group them. As its connection, one thread at a time. */
final class StatsQuery {
    private final Database database;
    private final Tables tables;
    private final Map<Verdict, Amount> byVerdict = new EnumMap<>(Verdict.class);

    /** By the numbers of file systems. */
    private final Map<Long, Sums> byFileSystem = new TreeMap<>();

    StatsQuery(Database database, Tables tables) {
        this.database = database;
        this.tables = tables;
    }

    /** What adds up over files. */
    private static final class Sums {
        private Amount files = Amount.ZERO;
        private Amount live = Amount.ZERO;
        private Amount onDevice = Amount.ZERO;
        private long oldest;
        private long newest;

        void add(Amount amount, boolean isLive, long onDeviceSeconds) {
            files = files.plus(amount);
            live = isLive ? live.plus(amount) : live;
            if (onDeviceSeconds > 0) {
                onDevice = onDevice.plus(amount);
                oldest = oldest == 0 ? onDeviceSeconds : Math.min(oldest, onDeviceSeconds);
                newest = Math.max(newest, onDeviceSeconds);
            }
        }
    }

    CatalogStats run() throws SQLException, CatalogException {
        Sums all = addUp();
        return new CatalogStats(
                all.files,
                number("SELECT count(*) FROM names"),
                number("SELECT count(*) FROM directories"),
                byVerdict,
                all.live,
                all.onDevice,
                all.oldest,
                all.newest,
                fileSystems(),
                number("SELECT count(*) FROM scans"),
                number("PRAGMA page_count") * number("PRAGMA page_size"));
    }

    private Sums addUp() throws SQLException, CatalogException {
        var all = new Sums();
        try (var query = database.prepare("SELECT verdict, class, on_device, size, file_system FROM files");
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                var amount = new Amount(1, row.getLong(4));
                boolean isLive = row.getInt(2) == FileClass.LIVE.code();
                byVerdict.merge(Verdict.ofCode(row.getInt(1)), amount, Amount::plus);
                all.add(amount, isLive, row.getLong(3));
                byFileSystem
                        .computeIfAbsent(row.getLong(5), unused -> new Sums())
                        .add(amount, isLive, row.getLong(3));
            }
        } catch (IllegalArgumentException e) {
            throw new CatalogException(
                    CatalogException.Reason.DAMAGED, database.file(), "read", String.valueOf(e.getMessage()), e);
        }
        return all;
    }

    private List<FileSystemStats> fileSystems() throws SQLException, CatalogException {
        Map<Long, BytePath> below = commonDirectories();
        var stats = new ArrayList<FileSystemStats>();
        for (Map.Entry<Long, Sums> entry : byFileSystem.entrySet()) {
            Sums sums = entry.getValue();
            stats.add(new FileSystemStats(
                    tables.files().fileSystems().value(entry.getKey()),
                    Optional.ofNullable(below.get(entry.getKey())),
                    sums.files,
                    sums.onDevice,
                    sums.oldest,
                    sums.newest));
        }
        return List.copyOf(stats);
    }

    /** What the first and the last of sorted paths have in common, all between them have. */
    private Map<Long, BytePath> commonDirectories() throws SQLException, CatalogException {
        var below = new HashMap<Long, BytePath>();
        try (var query = database.prepare("SELECT d.file_system, min(d.path), max(d.path) FROM directories d"
                        + " WHERE EXISTS (SELECT 1 FROM names n WHERE n.directory = d.id) GROUP BY d.file_system");
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                below.put(row.getLong(1), common(row.getBytes(2), row.getBytes(3)));
            }
        }
        return below;
    }

    private static BytePath common(byte[] first, byte[] last) {
        int length = Arrays.mismatch(first, last);
        if (length < 0) {
            return BytePath.of(first);
        }
        // A directory of which the other path goes on below it is the answer itself.
        boolean isWhole = length == first.length && last[length] == '/';
        int end = length;
        while (!isWhole && end > 1 && first[end - 1] != '/') {
            end--;
        }
        return BytePath.of(Arrays.copyOf(first, isWhole || end == 1 ? Math.max(end, 1) : end - 1));
    }

    private long number(String sql) throws CatalogException {
        return database.number("read", sql);
    }
}
