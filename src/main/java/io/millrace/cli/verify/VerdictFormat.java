// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.verify;

import io.millrace.posix.libc.BytePath;
import io.millrace.verify.FileVerdict;
import java.io.IOException;

/** Writes the verdicts of {@code verify} to standard output. */
interface VerdictFormat {
    /** Writes the verdict on a file that a manifest names. */
    void file(FileVerdict verdict) throws IOException;

    /** Writes a file that no manifest names. */
    void newFile(BytePath path) throws IOException;
}
