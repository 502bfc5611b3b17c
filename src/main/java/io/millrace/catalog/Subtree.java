// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.posix.libc.BytePath;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;

/**
 * A directory and all below it, as a condition on {@code d.path} of {@code directories d}: a range of its index. A path that is
 * a file's selects nothing here.
 */
final class Subtree {
    /** With three parameters. */
    static final String CONDITION = "(d.path = ? OR d.path >= ? AND d.path < ?)";

    static final int PARAMETERS = 3;

    private final byte[] path;
    private final byte[] from;
    private final byte[] to;

    Subtree(BytePath root) {
        byte[] bytes = root.toBytes();
        int length = bytes.length;
        while (length > 1 && bytes[length - 1] == '/') {
            length--;
        }
        path = Arrays.copyOf(bytes, length);
        boolean isAll = length == 1 && bytes[0] == '/';
        from = isAll ? path : Arrays.copyOf(path, length + 1);
        from[from.length - 1] = '/';
        to = from.clone();
        to[to.length - 1] = '/' + 1; // all paths with the prefix sort before it
    }

    /** All directories. */
    static Subtree all() {
        return new Subtree(BytePath.of("/"));
    }

    void set(PreparedStatement statement, int first) throws SQLException {
        statement.setBytes(first, path);
        statement.setBytes(first + 1, from);
        statement.setBytes(first + 2, to);
    }
}
