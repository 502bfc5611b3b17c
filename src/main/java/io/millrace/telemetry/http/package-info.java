// SPDX-License-Identifier: Apache-2.0
/**
 * The HTTP server: status page, events, metrics and health checks. It is read-only and never changes the service.
 *
 * <p>Open {@link io.millrace.telemetry.http.StatusHttpServer} first. The only package that uses the types of the JDK's
 * HTTP server, with its own listener, which bounds connections, request heads and times. One thread serves one request.
 */
@NullMarked
package io.millrace.telemetry.http;

import org.jspecify.annotations.NullMarked;
