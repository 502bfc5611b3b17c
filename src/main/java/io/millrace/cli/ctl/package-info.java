// SPDX-License-Identifier: Apache-2.0
/**
 * {@code millrace ctl}: talks to the service of this machine.
 *
 * <p>Open {@link io.millrace.cli.ctl.CtlCommand} first. All of it goes by {@link io.millrace.telemetry.jmx.client.ControlClient}.
 */
@NullMarked
package io.millrace.cli.ctl;

import org.jspecify.annotations.NullMarked;
