// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.schedule;

import io.millrace.scan.job.ScanRequest;

/**
 * Configuration of a source, a set of files that is scanned repeatedly.
 *
 * @param name letters, digits, dot, dash and underscore, at most 64 characters
 * @param what the scan to run; its {@link ScanRequest#source} is the name
 * @param atStart whether to run it when the service starts, whatever the schedule
 * @param minFiles minimum number of files that a successful run reads, at least 0
 */
public record SourceSpec(String name, ScanRequest what, Schedule schedule, boolean atStart, int minFiles) {
    /** 1, because an empty directory is more likely a missing mount than the intended content. */
    public static final int DEFAULT_MIN_FILES = 1;
}
