// SPDX-License-Identifier: Apache-2.0
/**
 * The promise that every file of a source is verified on the device within some days: which share is due tonight, and whether
 * the promise will be kept. Pure: no clock, no file, no database; any thread.
 *
 * <p>Open {@link io.millrace.catalog.coverage.CoveragePlanner} first.
 */
@NullMarked
@CheckReturnValue
package io.millrace.catalog.coverage;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
