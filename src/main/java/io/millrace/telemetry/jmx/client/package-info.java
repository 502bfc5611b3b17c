// SPDX-License-Identifier: Apache-2.0
/**
 * The client side of JMX, for {@code millrace ctl}: finds the service of this machine and calls its MXBeans with a
 * time-out.
 *
 * <p>Open {@link io.millrace.telemetry.jmx.client.ControlClient} first. Responses are untrusted, so they are filtered
 * and bounded like requests. One thread for each client.
 */
@NullMarked
package io.millrace.telemetry.jmx.client;

import org.jspecify.annotations.NullMarked;
