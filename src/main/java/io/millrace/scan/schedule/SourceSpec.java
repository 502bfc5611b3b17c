// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.schedule;

import io.millrace.scan.job.ScanRequest;

/**
 * Files that are to be scanned again and again.
 *
 * @param name letters, digits, dot, dash and underscore, at most 64
 * @param what is done with them, its {@link ScanRequest#source} being the name
 * @param atStart whether a run begins when the service starts, whatever the schedule
 * @param minFiles files that a run has to read to be a good one, 0 or more
 */
public record SourceSpec(String name, ScanRequest what, Schedule schedule, boolean atStart, int minFiles) {
    /** An empty directory is a mount that is missing rather than what somebody wanted to have read. */
    public static final int DEFAULT_MIN_FILES = 1;
}
