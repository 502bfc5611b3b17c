// SPDX-License-Identifier: Apache-2.0
/**
 * The HTTP server: status page, events, metrics and health checks. It only shows; it never changes the service.
 *
 * <p>Open {@link io.millrace.telemetry.http.StatusHttpServer} first. The only package with the JDK's HTTP server, behind a listener
 * of its own that bounds connections, heads and times. One thread answers one request.
 */
@NullMarked
package io.millrace.telemetry.http;

import org.jspecify.annotations.NullMarked;
