// SPDX-License-Identifier: Apache-2.0
/**
 * The faces of the service: JMX, Prometheus metrics, and HTTP with the status page. Adapters over the floors below, of
 * which they hear by their listeners and ask for statuses. Decides nothing. The only package that knows JMX,
 * Micrometer and HTTP.
 *
 * <p>{@link io.millrace.telemetry.http.StatusHttpServer} shows, and steers nothing. {@link io.millrace.telemetry.jmx.JmxServer} steers,
 * for those who have the credential or a user's password: its beans are {@code DescribedBean}s of the interfaces here,
 * its requests go through the controls ({@code PoolsControl}, {@code ScansControl}…), which hold them to the
 * configured roots and names. {@link io.millrace.telemetry.jmx.client.ControlClient} is the other end, for the command line.
 * {@link io.millrace.telemetry.metrics.Metrics} counts.
 *
 * <p>Threads: {@code millrace-http-…} here, and those of the JDK's RMI and HTTP servers; whoever opens a face ends
 * them by closing it. Listeners are called by the threads of the floors below and never wait for a client.
 */
@NullMarked
package io.millrace.telemetry;

import org.jspecify.annotations.NullMarked;
