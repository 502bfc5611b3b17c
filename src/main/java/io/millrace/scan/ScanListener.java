// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import java.io.IOException;

/** Receives the events of a scan. The scan's threads call it, one at a time. */
public interface ScanListener {
    /**
     * Called when a file has been processed, successfully or not, or a directory could not be listed; in walk order. An
     * exception ends the scan, and {@link BulkScanner#scan} throws it.
     */
    default void fileFinished(FileResult result) throws IOException {}
}
