// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import java.util.Locale;

/** What became of a file that was compared with manifests. */
public enum Verdict {
    /** Every digest, and the size where a manifest has it, is the manifest's. */
    OK,
    /**
     * The content is not the manifest's. Whether somebody wrote the file or the disk lost it cannot be known: a manifest has no
     * times.
     */
    MODIFIED,
    /** No file has this name (ENOENT). */
    MISSING,
    /** There is something, but it cannot be read to its end, or is no regular file. */
    UNREADABLE,
    /** The file is in no manifest. */
    NEW;

    /** The word in JSON and summaries. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the file is not what a manifest promises. */
    public boolean isFailure() {
        return this == MODIFIED || this == MISSING || this == UNREADABLE;
    }
}
