// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import io.millrace.units.EnumLabels;

/** Result of comparing a file with manifests. */
public enum Verdict {
    /** Every digest, and the size if a manifest contains it, matches. */
    OK,
    /**
     * The content differs from the manifest. Whether the file was written or the disk has corrupted it is unknown,
     * because a manifest contains no times.
     */
    MODIFIED,
    /** No file has this name (ENOENT). */
    MISSING,
    /** The file cannot be read to its end, or is not a regular file. */
    UNREADABLE,
    /** The file is in no manifest. */
    NEW;

    /** Returns the name used in JSON and summaries. */
    public String label() {
        return EnumLabels.of(this);
    }

    /** Whether the file does not match its manifest. */
    public boolean isFailure() {
        return this == MODIFIED || this == MISSING || this == UNREADABLE;
    }
}
