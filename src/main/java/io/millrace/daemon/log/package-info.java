// SPDX-License-Identifier: Apache-2.0
/**
 * The log of the service: one line an event, by journald's conventions where systemd reads it.
 *
 * <p>{@link io.millrace.daemon.log.ServiceLog} says what an operator is told, {@link io.millrace.daemon.log.LogLayout} how a line looks.
 */
@NullMarked
package io.millrace.daemon.log;

import org.jspecify.annotations.NullMarked;
