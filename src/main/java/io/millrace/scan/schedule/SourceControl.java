// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.schedule;

import java.util.List;

/** The requests that sources accept. Any thread. */
public interface SourceControl {
    /** Returns the status of each source, sorted by name. */
    List<SourceStatus> statuses();

    /**
     * Runs a source now. If the scan cannot be started, this throws what
     * {@link io.millrace.scan.job.ScanControl#start} throws.
     *
     * @return the id of the scan
     * @throws IllegalArgumentException if there is no such source
     * @throws IllegalStateException if the source is being scanned, or the service is stopping
     */
    String start(String name);
}
