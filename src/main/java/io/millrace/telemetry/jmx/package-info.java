// SPDX-License-Identifier: Apache-2.0
/**
 * The JMX server: a private MBeanServer and its connectors.
 *
 * <p>Open {@link io.millrace.telemetry.jmx.JmxServer} first. {@code access} decides who may connect and call, {@code beans} are the
 * MXBeans, {@code client} is what {@code millrace ctl} calls them with.
 */
@NullMarked
package io.millrace.telemetry.jmx;

import org.jspecify.annotations.NullMarked;
