// SPDX-License-Identifier: Apache-2.0
/**
 * How things that run come to their end. Knows nothing of what they do.
 *
 * <p>{@link io.millrace.lifecycle.CancellationToken} hears SIGHUP, SIGINT and SIGTERM on a thread of the JVM's; whoever works
 * polls it between two steps of its own. A service awaits {@link io.millrace.lifecycle.ServiceSignals} instead, by which it
 * is asked to reload as well, and closes its parts in reverse by {@link io.millrace.lifecycle.Closer}. {@link
 * io.millrace.units.Durations} is how limits of time are written. {@link
 * io.millrace.lifecycle.ExitActions} are what has to be done before the process ends in any way that leaves it time.
 */
@NullMarked
package io.millrace.lifecycle;

import org.jspecify.annotations.NullMarked;
