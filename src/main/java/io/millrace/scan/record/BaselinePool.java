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
    private final ConcurrentLinkedDeque<CatalogReader> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean hasFailed;

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
            CatalogReader reader = idle.poll();
            reader = reader != null ? reader : catalog.reader();
            try {
                return reader.find(key);
            } finally {
                idle.push(reader);
            }
        } catch (CatalogException e) {
            hasFailed = true;
            onFailure.accept(e);
            return Optional.empty();
        }
    }

    @Override
    public void close() throws CatalogException {
        hasFailed = true;
        for (CatalogReader reader = idle.poll(); reader != null; reader = idle.poll()) {
            reader.close();
        }
    }
}
