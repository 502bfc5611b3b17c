// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import io.millrace.scan.FileResult;
import java.io.IOException;

/** Writes the results of a scan to standard output. */
public interface ResultFormat {
    /** Writes the result of a file, including a failed one. */
    void file(FileResult result) throws IOException;
}
