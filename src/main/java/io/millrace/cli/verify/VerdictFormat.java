// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.verify;

import io.millrace.posix.libc.BytePath;
import io.millrace.verify.FileVerdict;
import java.io.IOException;

/** How the verdicts of {@code verify} are written to standard output. */
interface VerdictFormat {
    /** A file that a manifest names. */
    void file(FileVerdict verdict) throws IOException;

    /** A file that no manifest names. */
    void newFile(BytePath path) throws IOException;
}
