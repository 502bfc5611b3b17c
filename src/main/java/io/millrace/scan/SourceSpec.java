// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

/**
 * Files that are to be scanned again and again.
 *
 * @param name letters, digits, dot, dash and underscore, at most 64
 * @param what is done with them, its {@link ScanRequest#source} being the name
 * @param atStart whether a run begins when the service starts, whatever the schedule
 */
public record SourceSpec(String name, ScanRequest what, Schedule schedule, boolean atStart) {}
