// SPDX-License-Identifier: Apache-2.0
/**
 * Who may connect by JMX and what is deserialized: sockets, limits, TLS, credentials, roles and filters.
 *
 * <p>Open {@link io.millrace.telemetry.jmx.access.JmxConnector} first. Nothing is deserialized before its bytes are bounded and its
 * classes are allowed; who has not logged in has seconds, and few connections.
 */
@NullMarked
package io.millrace.telemetry.jmx.access;

import org.jspecify.annotations.NullMarked;
