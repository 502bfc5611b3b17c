// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.record;

import io.millrace.catalog.CatalogException;
import io.millrace.posix.libc.BytePath;
import java.io.IOException;

/** Called by a recorder's thread, and by {@link ScanRecorder#finish}, one call at a time. */
public interface RecordListener {
    /**
     * In the scan's order, after what it says is durable; missing files after all others. An exception ends the scan, and
     * {@code BulkScanner.scan} or {@link ScanRecorder#finish} throws it.
     */
    void onRecorded(RecordedFile file) throws IOException;

    /** The catalog has failed: nothing more is recorded, and the scan goes on without. Called once. */
    default void onCatalogFailure(CatalogException failure) {}

    /** A file of the file system on which the catalog itself lies was observed. Called once. */
    default void onCatalogBesideFiles(BytePath catalog, BytePath file) {}
}
