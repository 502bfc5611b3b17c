// SPDX-License-Identifier: Apache-2.0
/**
 * Sizes, rates, durations, times and labels: parsing and formatting of each in one place.
 *
 * <p>Immutable values and pure functions; any thread. Open {@link io.millrace.units.ByteSize} first.
 */
@NullMarked
package io.millrace.units;

import org.jspecify.annotations.NullMarked;
