// SPDX-License-Identifier: Apache-2.0
/**
 * Sizes, rates, durations and times: each parsed and printed in one place.
 *
 * <p>Immutable values and pure functions.
 */
@NullMarked
package io.millrace.units;

import org.jspecify.annotations.NullMarked;
