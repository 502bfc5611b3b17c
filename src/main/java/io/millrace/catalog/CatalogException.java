// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The catalog could not do something: one line that says on which file, what, and why. What was durable before still is. */
public final class CatalogException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What kind of trouble it is, for whoever decides what to do about it. */
    public enum Reason {
        /** Another process holds the database for longer than the catalog waits. */
        LOCKED,
        /** The file, its directory or its file system may not be written. */
        READ_ONLY,
        /** No room on the file system. */
        DISK_FULL,
        /** The database, or a record in it, is not what was written. */
        DAMAGED,
        /** A system call failed, fsync(2) too: nothing more is written until the catalog is opened again. */
        IO_ERROR,
        /** A newer Millrace made it; nothing was changed. */
        NEWER_SCHEMA,
        /** An SQLite database of another program; nothing was changed. */
        FOREIGN,
        /** There is no catalog, or it may not be read. */
        NOT_AVAILABLE,
        /** Something else. */
        OTHER
    }

    private final Reason reason;

    /** {@code where}: a path as messages show it; {@code what}: the step that failed; {@code why}: words of the cause. */
    CatalogException(Reason reason, Object where, String what, String why, @Nullable Throwable cause) {
        super(where + ": " + what + ": " + why, cause);
        this.reason = reason;
    }

    CatalogException(Reason reason, Object where, String what, String why) {
        this(reason, where, what, why, null);
    }

    public Reason reason() {
        return reason;
    }

    public boolean is(Reason expected) {
        return reason == expected;
    }
}
