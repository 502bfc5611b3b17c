// SPDX-License-Identifier: Apache-2.0
/**
 * How things that run come to their end. Knows nothing of what they do.
 *
 * <p>{@link io.millrace.lifecycle.StopSignal} hears SIGINT and SIGTERM on a thread of the JVM's; whoever works polls
 * it between two steps of its own. {@link io.millrace.lifecycle.Durations} is how their limits of time are written.
 */
@NullMarked
package io.millrace.lifecycle;

import org.jspecify.annotations.NullMarked;
