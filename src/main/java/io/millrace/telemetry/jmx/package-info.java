// SPDX-License-Identifier: Apache-2.0
/**
 * The JMX server: a private MBeanServer and its connectors.
 *
 * <p>Open {@link io.millrace.telemetry.jmx.JmxServer} first. {@code access} decides who may connect and call,
 * {@code beans} contains the MXBeans, and {@code client} is the client that {@code millrace ctl} uses.
 */
@NullMarked
package io.millrace.telemetry.jmx;

import org.jspecify.annotations.NullMarked;
