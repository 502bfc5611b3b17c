// SPDX-License-Identifier: Apache-2.0
/**
 * Sizes, rates, durations, times, percentages, counts, modes and labels: each is parsed and formatted here, and nowhere
 * else, so that the command line, the configuration file and JMX accept the same texts.
 *
 * <p>Immutable values and pure functions; any thread. Open {@link io.millrace.units.ByteSize} first.
 */
@NullMarked
package io.millrace.units;

import org.jspecify.annotations.NullMarked;
