// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.catalog;

import java.util.Optional;

/**
 * What a scan has to do with the catalog.
 *
 * @param coverage the promise for which it reads a share of its files; empty if it reads all
 */
public record Recording(Mode mode, Optional<CoverageSpec> coverage) {
    public static final Recording NONE = new Recording(Mode.NONE, Optional.empty());

    /** What becomes of what is read. */
    public enum Mode {
        NONE,
        /** Digests and blocks are recorded, as the scan read them, and files that are known are judged. */
        RECORD,
        /** Everything is read on the device, judged and recorded. */
        VERIFY
    }

    public boolean isAny() {
        return mode != Mode.NONE;
    }
}
