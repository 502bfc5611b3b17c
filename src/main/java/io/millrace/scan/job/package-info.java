// SPDX-License-Identifier: Apache-2.0
/**
 * Scans of a service: with an id, a state, progress and results.
 *
 * <p>{@link io.millrace.scan.job.ScanService} has them all; {@link io.millrace.scan.job.ScanJob} is one, on a thread of its own.
 */
@NullMarked
package io.millrace.scan.job;

import org.jspecify.annotations.NullMarked;
