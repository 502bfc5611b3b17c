// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.catalog;

import io.millrace.posix.libc.BytePath;
import java.io.IOException;

/** What may be asked of the service's catalog. Any thread. */
public interface CatalogControl {
    /** A service without a catalog. */
    CatalogControl NONE = new CatalogControl() {
        @Override
        public CatalogStatus status() {
            return CatalogStatus.OFF;
        }

        @Override
        public long acknowledge(BytePath path) {
            throw new IllegalStateException("there is no catalog");
        }
    };

    CatalogStatus status();

    /**
     * Ends the alarm of a file, or of all files in a directory and below it. The records stay suspect, and the alarm begins again if
     * the verdict becomes another. Kept across restarts.
     *
     * @return how many alarms that ended
     * @throws IOException if that cannot be kept
     * @throws IllegalStateException if the catalog is not open
     */
    long acknowledge(BytePath path) throws IOException;
}
