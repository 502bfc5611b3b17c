// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import io.millrace.scan.FileResult;
import java.io.IOException;

/** How the results of a scan are written to standard output. */
public interface ResultFormat {
    /** Each file, failed ones included. */
    void file(FileResult result) throws IOException;
}
