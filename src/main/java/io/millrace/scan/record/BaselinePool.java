// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.record;

import io.millrace.catalog.Catalog;
import io.millrace.catalog.CatalogException;
import io.millrace.catalog.CatalogReader;
import io.millrace.catalog.record.FileKey;
import io.millrace.catalog.record.FileRecord;
import io.millrace.scan.observe.Baselines;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;

/**
 * Looks up records for the reading threads of a scan, with as many connections as threads look at the same time. After a failure
 * nothing is found any more. Any thread; closed when they have ended.
 */
final class BaselinePool implements Baselines, AutoCloseable {
    private final Catalog catalog;
    private final Consumer<CatalogException> onFailure;
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean hasFailed;

    /** A connection, which reads one state of the catalog for a while. Of the thread that has taken it. */
    private static final class Connection {
        private static final int MAX_LOOKUPS = 500;
        private static final long MAX_NANOS = 200_000_000;

        private final CatalogReader reader;
        private boolean isInState;
        private int lookups;
        private long sinceNanos;

        Connection(CatalogReader reader) {
            this.reader = reader;
        }

        Optional<FileRecord> find(FileKey key) throws CatalogException {
            if (isInState && (lookups >= MAX_LOOKUPS || System.nanoTime() - sinceNanos > MAX_NANOS)) {
                endState();
            }
            if (!isInState) {
                reader.beginState();
                isInState = true;
                lookups = 0;
                sinceNanos = System.nanoTime();
            }
            lookups++;
            return reader.find(key);
        }

        void endState() throws CatalogException {
            if (isInState) {
                isInState = false;
                reader.endState();
            }
        }
    }

    BaselinePool(Catalog catalog, Consumer<CatalogException> onFailure) {
        this.catalog = catalog;
        this.onFailure = onFailure;
    }

    @Override
    public Optional<FileRecord> find(FileKey key) {
        if (hasFailed) {
            return Optional.empty();
        }
        try {
            Connection connection = idle.poll();
            connection = connection != null ? connection : new Connection(catalog.reader());
            try {
                return connection.find(key);
            } finally {
                idle.push(connection);
            }
        } catch (CatalogException e) {
            hasFailed = true;
            onFailure.accept(e);
            return Optional.empty();
        }
    }

    /** Has idle connections let go of the states that they read, so that the log can be emptied. */
    void endStates() throws CatalogException {
        for (int left = idle.size(); left > 0; left--) {
            Connection connection = idle.poll();
            if (connection == null) {
                return;
            }
            try {
                connection.endState();
            } finally {
                idle.addLast(connection);
            }
        }
    }

    @Override
    public void close() throws CatalogException {
        hasFailed = true;
        for (Connection left = idle.poll(); left != null; left = idle.poll()) {
            left.reader.close();
        }
    }
}
