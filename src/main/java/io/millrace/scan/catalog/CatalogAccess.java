// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.catalog;

import io.millrace.catalog.Catalog;
import io.millrace.catalog.CatalogException;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.record.RecordedFile;
import java.io.IOException;

/** The catalog as scans use it. Any thread. */
public interface CatalogAccess {
    /** No catalog. */
    CatalogAccess NONE = new CatalogAccess() {
        @Override
        public Catalog catalog() throws IOException {
            throw new IOException("there is no catalog");
        }

        @Override
        public ShareNames share(String source) throws IOException {
            throw new IOException("there is no catalog");
        }
    };

    /**
     * The open catalog, which the caller does not close.
     *
     * @throws IOException one line that says why it is not open
     */
    Catalog catalog() throws IOException;

    /** The names of the files of a source that are due now; the caller closes them. */
    ShareNames share(String source) throws IOException;

    /** A file was judged. Returns whether it is an alarm that nobody has acknowledged. */
    default boolean onRecorded(RecordedFile file) {
        return false;
    }

    /** A file of the file system on which the catalog itself lies was recorded. */
    default void onCatalogBesideFiles(BytePath database, BytePath file) {}

    /** A scan could not use the catalog any more. */
    default void onCatalogFailure(CatalogException failure) {}

    /** A run of a source has ended. {@code bytes}: what it read in {@code seconds}. */
    default void onRunEnded(String source, long bytes, double seconds) {}
}
