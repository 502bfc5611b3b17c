// SPDX-License-Identifier: Apache-2.0
/**
 * Sources: named paths that are scanned on a schedule.
 *
 * <p>Read {@link io.millrace.scan.schedule.SourceScheduler} first: its thread sleeps until the next run is due and
 * starts it through {@code scan.job}.
 */
@NullMarked
package io.millrace.scan.schedule;

import org.jspecify.annotations.NullMarked;
