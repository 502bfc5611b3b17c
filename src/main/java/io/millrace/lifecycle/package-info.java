// SPDX-License-Identifier: Apache-2.0
/**
 * Cancellation, signals and orderly shutdown. Knows nothing of what the program does.
 *
 * <p>{@link io.millrace.lifecycle.CancellationToken} receives SIGHUP, SIGINT and SIGTERM on a thread of the JVM; the
 * working thread polls it at safe points. A service awaits {@link io.millrace.lifecycle.ServiceSignals} instead, which
 * also carry requests to reload, and closes its parts in reverse by {@link io.millrace.lifecycle.Closer}.
 * {@link io.millrace.units.Durations} formats and parses time limits. {@link io.millrace.lifecycle.ExitActions} run
 * before the process exits in any way that leaves it time.
 */
@NullMarked
package io.millrace.lifecycle;

import org.jspecify.annotations.NullMarked;
