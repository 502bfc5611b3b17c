// SPDX-License-Identifier: Apache-2.0
/**
 * The log of the service: one line for each event, with journald's priority prefix if systemd reads it.
 *
 * <p>Open {@link io.millrace.daemon.log.ServiceLog} first, which decides what is logged;
 * {@link io.millrace.daemon.log.LogLayout} formats a line. Any thread may log.
 */
@NullMarked
package io.millrace.daemon.log;

import org.jspecify.annotations.NullMarked;
