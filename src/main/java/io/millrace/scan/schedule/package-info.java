// SPDX-License-Identifier: Apache-2.0
/**
 * Sources: named paths that are scanned on a schedule.
 *
 * <p>{@link io.millrace.scan.schedule.SourceScheduler} sleeps until the next run is due and asks {@code scan.job} to start it.
 */
@NullMarked
package io.millrace.scan.schedule;

import org.jspecify.annotations.NullMarked;
