// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.posix.libc.BytePath;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Rows of {@code directories} and {@code names}. A directory has a row for each file system whose files were found in it, so that
 * names below a mount point outlive an unmount and what is found there meanwhile. As its connection, one thread at a time.
 */
final class NameTable {
    /** Directories whose number is kept in memory; a walk comes by a directory's files one after the other. */
    private static final int MAX_CACHED = 256;

    private final PreparedStatement findDirectory;
    private final PreparedStatement addDirectory;
    private final PreparedStatement findFile;
    private final PreparedStatement findFiles;
    private final PreparedStatement link;
    private final PreparedStatement unlink;
    private final PreparedStatement names;
    private final Map<DirectoryKey, Long> cached = new LinkedHashMap<>(MAX_CACHED, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<DirectoryKey, Long> eldest) {
            return size() > MAX_CACHED;
        }
    };

    private record DirectoryKey(long fileSystem, BytePath path) {}

    NameTable(Database database) throws CatalogException {
        findDirectory = database.keep("SELECT id FROM directories WHERE path = ? AND file_system = ?");
        addDirectory = database.keep("INSERT INTO directories(path, file_system) VALUES (?, ?) RETURNING id");
        findFile = database.keep("SELECT file FROM names WHERE directory = ? AND name = ?");
        findFiles = database.keep(
                "SELECT n.file FROM directories d JOIN names n ON n.directory = d.id WHERE d.path = ? AND n.name = ?");
        link = database.keep("INSERT INTO names(directory, name, file) VALUES (?, ?, ?)"
                + " ON CONFLICT(directory, name) DO UPDATE SET file = excluded.file WHERE file <> excluded.file");
        unlink = database.keep("DELETE FROM names WHERE directory = ? AND name = ?");
        names = database.keep("SELECT d.path, n.name FROM names n JOIN directories d ON d.id = n.directory"
                + " WHERE n.file = ? ORDER BY d.path, n.name");
    }

    /** {@link IllegalArgumentException} for a path that is not absolute, or names a directory. */
    static void check(BytePath path) {
        if (path.toBytes()[0] != '/' || path.endsInSlash()) {
            throw new IllegalArgumentException("no absolute path of a file: " + path);
        }
    }

    private OptionalLong directory(long fileSystem, BytePath path) throws SQLException {
        var key = new DirectoryKey(fileSystem, path);
        Long known = cached.get(key);
        if (known != null) {
            return OptionalLong.of(known);
        }
        findDirectory.setBytes(1, path.toBytes());
        findDirectory.setLong(2, fileSystem);
        try (ResultSet rows = findDirectory.executeQuery()) {
            if (!rows.next()) {
                return OptionalLong.empty();
            }
            cached.put(key, rows.getLong(1));
            return OptionalLong.of(rows.getLong(1));
        }
    }

    private long directoryOrNew(long fileSystem, BytePath path) throws SQLException {
        OptionalLong known = directory(fileSystem, path);
        if (known.isPresent()) {
            return known.getAsLong();
        }
        addDirectory.setBytes(1, path.toBytes());
        addDirectory.setLong(2, fileSystem);
        try (ResultSet rows = addDirectory.executeQuery()) {
            if (!rows.next()) {
                throw new SQLException("no row was added");
            }
            cached.put(new DirectoryKey(fileSystem, path), rows.getLong(1));
            return rows.getLong(1);
        }
    }

    /** The file that has this name, on this file system. */
    OptionalLong fileAt(long fileSystem, BytePath path) throws SQLException {
        OptionalLong directory = directory(fileSystem, path.parent());
        if (directory.isEmpty()) {
            return OptionalLong.empty();
        }
        findFile.setLong(1, directory.getAsLong());
        findFile.setBytes(2, path.fileName().toBytes());
        try (ResultSet rows = findFile.executeQuery()) {
            return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
        }
    }

    /** The files that have this name, one a file system. */
    List<Long> filesAt(BytePath path) throws SQLException {
        findFiles.setBytes(1, path.parent().toBytes());
        findFiles.setBytes(2, path.fileName().toBytes());
        var found = new ArrayList<Long>();
        try (ResultSet rows = findFiles.executeQuery()) {
            while (rows.next()) {
                found.add(rows.getLong(1));
            }
        }
        return found;
    }

    /** Gives a file this name, which another file may have had. */
    void link(long fileSystem, BytePath path, long file) throws SQLException {
        link.setLong(1, directoryOrNew(fileSystem, path.parent()));
        link.setBytes(2, path.fileName().toBytes());
        link.setLong(3, file);
        int ignored = link.executeUpdate();
    }

    /** Takes a name away, if it is there; the file's record stays. */
    void unlink(long fileSystem, BytePath path) throws SQLException {
        OptionalLong directory = directory(fileSystem, path.parent());
        if (directory.isPresent()) {
            unlink.setLong(1, directory.getAsLong());
            unlink.setBytes(2, path.fileName().toBytes());
            int ignored = unlink.executeUpdate();
        }
    }

    /** In the order of directories and names. */
    List<BytePath> namesOf(long file) throws SQLException {
        names.setLong(1, file);
        var found = new ArrayList<BytePath>();
        try (ResultSet rows = names.executeQuery()) {
            while (rows.next()) {
                found.add(BytePath.of(rows.getBytes(1)).resolve(rows.getBytes(2)));
            }
        }
        return found;
    }

    Optional<BytePath> anyNameOf(long file) throws SQLException {
        return namesOf(file).stream().findFirst();
    }

    /** After a rollback, or after directories were removed. */
    void forgetCached() {
        cached.clear();
    }
}
