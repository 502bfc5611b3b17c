// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.catalog.CatalogException.Reason;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Rows of {@code scans}. As its connection, one thread at a time. */
final class ScanTable {
    private final Database database;
    private final RecordChecksum checksum = new RecordChecksum();
    private final PreparedStatement all;
    private final PreparedStatement put;
    private final PreparedStatement remove;

    ScanTable(Database database) throws CatalogException {
        this.database = database;
        all = database.keep("SELECT id, specification, state, started, updated, files, bytes, failed, position,"
                + " digest_state, checksum FROM scans WHERE id = ?1 OR ?1 = '' ORDER BY started, id");
        put = database.keep("INSERT OR REPLACE INTO scans(id, specification, state, started, updated, files, bytes,"
                + " failed, position, digest_state, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        remove = database.keep("DELETE FROM scans WHERE id = ?");
    }

    void put(ScanCheckpoint scan) throws SQLException {
        if (scan.id().isEmpty()) {
            throw new IllegalArgumentException("a scan without an id");
        }
        put.setString(1, scan.id());
        put.setString(2, scan.specification());
        put.setString(3, scan.state());
        put.setLong(4, scan.startedSeconds());
        put.setLong(5, scan.updatedSeconds());
        put.setLong(6, scan.counters().files());
        put.setLong(7, scan.counters().bytes());
        put.setLong(8, scan.counters().failed());
        put.setBytes(9, scan.position());
        put.setBytes(10, scan.digestState());
        put.setInt(11, checksum.of(scan));
        int ignored = put.executeUpdate();
    }

    void remove(String id) throws SQLException {
        remove.setString(1, id);
        int ignored = remove.executeUpdate();
    }

    /** The scan with this id, or with an empty one all, in the order in which they started. */
    List<ScanCheckpoint> read(String id) throws SQLException, CatalogException {
        all.setString(1, id);
        var scans = new ArrayList<ScanCheckpoint>();
        try (ResultSet row = all.executeQuery()) {
            while (row.next()) {
                var counters = new ScanCheckpoint.Counters(row.getLong(6), row.getLong(7), row.getLong(8));
                var scan = new ScanCheckpoint(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getLong(4),
                        row.getLong(5),
                        counters,
                        row.getBytes(9),
                        row.getBytes(10));
                if (checksum.of(scan) != row.getInt(11)) {
                    throw new CatalogException(
                            Reason.DAMAGED,
                            database.file(),
                            "scan " + row.getString(1) + " is damaged",
                            "its checksum does not match");
                }
                scans.add(scan);
            }
        }
        return scans;
    }
}
