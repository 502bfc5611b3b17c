// SPDX-License-Identifier: Apache-2.0
/**
 * Scans of a service, each with an id, a state, progress and results.
 *
 * <p>Read {@link io.millrace.scan.job.ScanService} first, which holds all scans; a {@link io.millrace.scan.job.ScanJob}
 * is one scan, which runs on its own thread.
 */
@NullMarked
package io.millrace.scan.job;

import org.jspecify.annotations.NullMarked;
