// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.catalog.CatalogException.Reason;
import io.millrace.catalog.record.BlockSums;
import io.millrace.catalog.record.DigestValues;
import io.millrace.catalog.record.FileClass;
import io.millrace.catalog.record.FileKey;
import io.millrace.catalog.record.FileRecord;
import io.millrace.catalog.record.FileState;
import io.millrace.catalog.record.FileSystemId;
import io.millrace.catalog.record.Standing;
import io.millrace.catalog.record.Verdict;
import io.millrace.catalog.record.Verification;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;

/** Rows of {@code files}, and records. As its connection, one thread at a time. */
final class FileTable {
    static final String COLUMNS = "f.id, f.file_system, f.inode, f.generation, f.size, f.modified, f.changed_after,"
            + " f.first_seen, f.verified_after, f.on_device, f.class, f.unsettled, f.verdict, f.checksum,"
            + " f.digest_set, f.digests, f.provenance, f.blocks";

    /** When a file was last verified, of {@link #COLUMNS}' table f. */
    static final String LAST_VERIFIED = "max(f.first_seen, f.on_device) + f.verified_after";

    /** How many {@link #COLUMNS} there are. */
    static final int COLUMN_COUNT = 18;

    private final Database database;
    private final IdTable<FileSystemId> fileSystems;
    private final DigestSets digestSets;
    private final RecordChecksum checksum = new RecordChecksum();
    private final PreparedStatement findId;
    private final PreparedStatement findRecord;
    private final PreparedStatement byId;
    private final PreparedStatement insert;
    private final PreparedStatement update;

    FileTable(Database database) throws CatalogException {
        this.database = database;
        fileSystems = new IdTable<>(database, "file_systems", "uuid", new FileSystemCodec());
        digestSets = new DigestSets(database);
        String key = " WHERE file_system = ? AND inode = ? AND generation = ?";
        findId = database.keep("SELECT id FROM files" + key);
        findRecord = database.keep("SELECT " + COLUMNS + " FROM files f" + key);
        byId = database.keep("SELECT " + COLUMNS + " FROM files f WHERE id = ?");
        insert = database.keep(
                "INSERT INTO files VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" + " RETURNING id");
        update = database.keep("UPDATE files SET file_system = ?, inode = ?, generation = ?, size = ?, modified = ?,"
                + " changed_after = ?, first_seen = ?, verified_after = ?, on_device = ?, class = ?, unsettled = ?,"
                + " verdict = ?, checksum = ?, digest_set = ?, digests = ?, provenance = ?, blocks = ? WHERE id = ?");
    }

    private static final class FileSystemCodec implements IdTable.Codec<FileSystemId> {
        @Override
        public Object encode(FileSystemId value) {
            return value.toBytes();
        }

        @Override
        public FileSystemId decode(ResultSet row, int column) throws SQLException {
            return FileSystemId.of(row.getBytes(column));
        }
    }

    IdTable<FileSystemId> fileSystems() {
        return fileSystems;
    }

    OptionalLong idOf(FileKey key) throws SQLException {
        Optional<Long> fileSystem = fileSystems.find(key.fileSystem());
        if (fileSystem.isEmpty()) {
            return OptionalLong.empty();
        }
        setKey(findId, fileSystem.get(), key);
        try (ResultSet rows = findId.executeQuery()) {
            return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
        }
    }

    /** Throws {@link CatalogException} for a row whose checksum does not match. */
    Optional<FileRecord> find(FileKey key) throws SQLException, CatalogException {
        Optional<Long> fileSystem = fileSystems.find(key.fileSystem());
        if (fileSystem.isEmpty()) {
            return Optional.empty();
        }
        setKey(findRecord, fileSystem.get(), key);
        return first(findRecord);
    }

    Optional<FileRecord> find(long id) throws SQLException, CatalogException {
        byId.setLong(1, id);
        return first(byId);
    }

    private Optional<FileRecord> first(PreparedStatement query) throws SQLException, CatalogException {
        try (ResultSet rows = query.executeQuery()) {
            return rows.next() ? Optional.of(read(rows, 1)) : Optional.empty();
        }
    }

    private static void setKey(PreparedStatement statement, long fileSystem, FileKey key) throws SQLException {
        statement.setLong(1, fileSystem);
        statement.setLong(2, key.inode());
        statement.setInt(3, key.generation());
    }

    /** Adds the record, or replaces the one with its key; the row's number. */
    long put(FileRecord record) throws SQLException {
        OptionalLong known = idOf(record.key());
        if (known.isPresent()) {
            setAll(update, record);
            update.setLong(COLUMN_COUNT, known.getAsLong());
            int ignored = update.executeUpdate();
            return known.getAsLong();
        }
        setAll(insert, record);
        try (ResultSet rows = insert.executeQuery()) {
            if (!rows.next()) {
                throw new SQLException("no row was added");
            }
            return rows.getLong(1);
        }
    }

    private void setAll(PreparedStatement to, FileRecord record) throws SQLException {
        FileState state = record.state();
        Verification verification = record.verification();
        setKey(to, fileSystems.idOf(record.key().fileSystem()), record.key());
        to.setLong(4, state.sizeBytes());
        to.setLong(5, state.modifiedNanos());
        to.setLong(6, state.changedNanos() - state.modifiedNanos()); // may wrap, and wraps back
        to.setLong(7, verification.firstSeen());
        to.setLong(8, verification.lastVerified() - Math.max(verification.firstSeen(), verification.lastOnDevice()));
        to.setLong(9, verification.lastOnDevice());
        to.setInt(10, record.standing().type().code());
        to.setInt(11, record.standing().unsettledPasses());
        to.setInt(12, record.verdict().code());
        to.setInt(13, checksum.of(record));
        to.setLong(14, digestSets.idOf(record.digests()));
        to.setBytes(15, DigestSets.values(record.digests()));
        to.setBytes(16, record.blocks().provenanceBytes());
        to.setBytes(17, record.blocks().sumBytes());
    }

    /**
     * From a row that has {@link #COLUMNS} from this column on.
     *
     * @throws CatalogException with reason DAMAGED where the row is not what was written
     */
    FileRecord read(ResultSet row, int from) throws SQLException, CatalogException {
        long id = row.getLong(from);
        try {
            FileRecord record = decode(row, from);
            if (checksum.of(record) != row.getInt(from + 13)) {
                throw damaged(id, "its checksum does not match");
            }
            return record;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw damaged(id, String.valueOf(e.getMessage()));
        }
    }

    private FileRecord decode(ResultSet row, int from) throws SQLException {
        FileSystemId fileSystem = fileSystems.value(row.getLong(from + 1));
        var key = new FileKey(fileSystem, row.getLong(from + 2), row.getInt(from + 3));
        long modified = row.getLong(from + 5);
        var state = new FileState(row.getLong(from + 4), modified, modified + row.getLong(from + 6));
        long firstSeen = row.getLong(from + 7);
        long onDevice = row.getLong(from + 9);
        var verification = new Verification(firstSeen, Math.max(firstSeen, onDevice) + row.getLong(from + 8), onDevice);
        var standing = new Standing(
                FileClass.ofCode(row.getInt(from + 10)), row.getInt(from + 11), Verdict.ofCode(row.getInt(from + 12)));
        DigestValues digests = digestSets.read(row.getLong(from + 14), row.getBytes(from + 15));
        BlockSums blocks = BlockSums.ofStored(state.sizeBytes(), row.getBytes(from + 17), row.getBytes(from + 16));
        return new FileRecord(key, state, digests, blocks, verification, standing);
    }

    private CatalogException damaged(long id, String why) {
        return new CatalogException(Reason.DAMAGED, database.file(), "record " + id + " is damaged", why);
    }

    void forgetCached() {
        fileSystems.forgetCached();
        digestSets.forgetCached();
    }
}
