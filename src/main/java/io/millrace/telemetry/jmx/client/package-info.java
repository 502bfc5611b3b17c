// SPDX-License-Identifier: Apache-2.0
/**
 * The client side of JMX, for {@code millrace ctl}: finds the service of this machine and calls its beans with a time-out.
 *
 * <p>Open {@link io.millrace.telemetry.jmx.client.ControlClient} first. An answer is as little trusted as a request: it is filtered
 * and bounded too. One thread a client.
 */
@NullMarked
package io.millrace.telemetry.jmx.client;

import org.jspecify.annotations.NullMarked;
