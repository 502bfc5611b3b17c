// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.maintenance;

import io.millrace.catalog.Catalog;
import io.millrace.catalog.CatalogEntry;
import io.millrace.catalog.CatalogException;
import io.millrace.catalog.CatalogReader;
import io.millrace.catalog.EntryVisitor;
import io.millrace.catalog.WriteBatch;
import io.millrace.catalog.record.FileRecord;
import io.millrace.catalog.record.Verdict;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Removes names, and the records of files that have no other name. Stateless, for one thread. */
public final class CatalogForgetter {
    /** So many names are one transaction, for which another process that writes waits. */
    private static final int BATCH_NAMES = 2_000;

    private final Posix posix;

    public CatalogForgetter(Posix posix) {
        this.posix = posix;
    }

    /**
     * Removes a path, or all that is below it, at once.
     *
     * @return how many names there were
     */
    public long forget(Catalog catalog, BytePath path) throws CatalogException {
        try (WriteBatch batch = catalog.begin()) {
            long names = batch.forget(path);
            batch.commit();
            return names;
        }
    }

    /**
     * Of these only what the last scan found missing, and is not there now either.
     *
     * @return how many names there were
     */
    public long forgetMissing(Catalog catalog, BytePath path) throws IOException {
        var missing = new ArrayList<CatalogEntry>();
        long count = 0;
        try (CatalogReader reader = catalog.reader()) {
            var visitor = new MissingVisitor() {
                private long forgotten;

                @Override
                void onMissing(CatalogEntry entry) throws IOException {
                    missing.add(entry);
                    if (missing.size() >= BATCH_NAMES) {
                        forgotten += forget(catalog, missing);
                    }
                }
            };
            visit(reader, path, visitor);
            count = visitor.forgotten;
        }
        return count + forget(catalog, missing);
    }

    private static long forget(Catalog catalog, List<CatalogEntry> entries) throws CatalogException {
        long count = 0;
        try (WriteBatch batch = catalog.begin()) {
            for (CatalogEntry entry : entries) {
                count += batch.forget(entry.record().key().fileSystem(), entry.path()) ? 1 : 0;
            }
            batch.commit();
        }
        entries.clear();
        return count;
    }

    /** How many names {@link #forget} would remove. */
    public long count(CatalogReader reader, BytePath path) throws IOException {
        var all = new EntryVisitor() {
            private long count;

            @Override
            public boolean onEntry(CatalogEntry entry) {
                count++;
                return true;
            }

            @Override
            public boolean onDamaged(BytePath name, CatalogException why) {
                count++;
                return true;
            }
        };
        visit(reader, path, all);
        return all.count;
    }

    /** How many names {@link #forgetMissing} would remove. */
    public long countMissing(CatalogReader reader, BytePath path) throws IOException {
        var visitor = new MissingVisitor() {
            private long count;

            @Override
            void onMissing(CatalogEntry entry) {
                count++;
            }
        };
        visit(reader, path, visitor);
        return visitor.count;
    }

    private static void visit(CatalogReader reader, BytePath path, EntryVisitor visitor) throws IOException {
        for (FileRecord record : reader.find(path)) {
            boolean ignored = visitor.onEntry(new CatalogEntry(path, record));
        }
        reader.visit(path, visitor);
    }

    /** Passes on what is missing. */
    private abstract class MissingVisitor implements EntryVisitor {
        abstract void onMissing(CatalogEntry entry) throws IOException;

        @Override
        public final boolean onEntry(CatalogEntry entry) throws IOException {
            if (entry.record().verdict() == Verdict.MISSING && isGone(entry.path())) {
                onMissing(entry);
            }
            return true;
        }

        @Override
        public final boolean onDamaged(BytePath name, CatalogException why) {
            return true; // whether it is missing is not known
        }
    }

    private boolean isGone(BytePath path) throws PosixException {
        try {
            var unused = posix.files().status(path);
            return false;
        } catch (PosixException e) {
            if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
                return true;
            }
            throw e;
        }
    }
}
