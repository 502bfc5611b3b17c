// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import io.millrace.scan.record.RecordCounts;
import java.util.Optional;

/**
 * What a scan that uses the catalog has come by so far.
 *
 * @param alarms files that are not what was recorded, and that nobody has acknowledged
 * @param missing files that the catalog gave to be read, and that are not there any more
 * @param problem one line that says why not everything was judged and recorded
 */
public record CatalogOutcome(RecordCounts counts, long alarms, long missing, Optional<String> problem) {}
