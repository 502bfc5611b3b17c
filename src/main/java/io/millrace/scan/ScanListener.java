// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import java.io.IOException;

/** Hears what happens in a scan. Called by the scan's threads, one at a time. */
public interface ScanListener {
    /**
     * A file is finished, well or not, or a directory could not be listed; in the order in which they were found. An
     * exception ends the scan, which then throws it.
     */
    default void fileFinished(FileResult result) throws IOException {}
}
