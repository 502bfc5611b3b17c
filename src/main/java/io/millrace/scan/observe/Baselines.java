// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.observe;

import io.millrace.catalog.record.FileKey;
import io.millrace.catalog.record.FileRecord;
import java.util.Optional;

/** What is recorded of files, asked once a file is open. The scan's threads call it concurrently. */
@FunctionalInterface
public interface Baselines {
    /** For a scan that only observes. */
    Baselines NONE = key -> Optional.empty();

    /** Does not throw where the record cannot be had: that is somebody else's to report. */
    Optional<FileRecord> find(FileKey key);
}
