// SPDX-License-Identifier: Apache-2.0
/**
 * Scans with a memory: looks up what the catalog has of each file that a scan observes, judges it, and records it. Nothing is
 * called recorded that is not committed: results are passed on, in the scan's order, after the batch that they belong to.
 *
 * <p>One {@link io.millrace.scan.record.ScanRecorder} for each scan; it has one thread ({@code millrace-catalog}), which alone
 * writes. Judging is {@link io.millrace.catalog.record.VerdictRules}'. Open ScanRecorder first.
 */
@NullMarked
@CheckReturnValue
package io.millrace.scan.record;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
