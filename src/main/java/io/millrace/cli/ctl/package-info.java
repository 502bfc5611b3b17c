// SPDX-License-Identifier: Apache-2.0
/**
 * {@code millrace ctl}: controls the service of this machine.
 *
 * <p>Open {@link io.millrace.cli.ctl.CtlCommand} first. All requests go through
 * {@link io.millrace.telemetry.jmx.client.ControlClient}. Main thread only.
 */
@NullMarked
package io.millrace.cli.ctl;

import org.jspecify.annotations.NullMarked;
