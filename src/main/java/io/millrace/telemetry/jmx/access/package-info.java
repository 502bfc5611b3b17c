// SPDX-License-Identifier: Apache-2.0
/**
 * Access control of JMX: sockets, limits, TLS, credentials, roles and deserialization filters.
 *
 * <p>Open {@link io.millrace.telemetry.jmx.access.JmxConnector} first. Nothing is deserialized before its size is
 * bounded and its classes are allowed. Clients that have not logged in have a few seconds, and share a limited number
 * of connections.
 */
@NullMarked
package io.millrace.telemetry.jmx.access;

import org.jspecify.annotations.NullMarked;
