// SPDX-License-Identifier: Apache-2.0
/**
 * Monitoring and control of the service: JMX, Prometheus metrics, and HTTP with the status page. This package contains
 * what these share: {@link io.millrace.telemetry.ServiceSnapshot}; {@code StatusJson}, the only place that names its
 * values for programs (JMX attributes take theirs from it); {@code DisplayFormat}, how they are shown to people; its
 * problems ({@code HealthProblem}) and {@link io.millrace.telemetry.ServiceParts}, which they show and control. Only its sub-packages use JMX connectors, Micrometer and the HTTP
 * server. The packages below report events by their listeners and are asked for statuses; this package makes no
 * decisions.
 *
 * <p>{@link io.millrace.telemetry.http.StatusHttpServer} is read-only. {@link io.millrace.telemetry.jmx.JmxServer} also
 * accepts commands from clients that have the credential or a user's password. Its MXBeans ({@code jmx.beans}) parse
 * the request and call the control interfaces of the packages below ({@code PoolControl}, {@code ScanControl}…), whose
 * implementations accept only known names and paths below the configured roots.
 * {@link io.millrace.telemetry.jmx.client.ControlClient} is the client for the command line. {@link io.millrace.telemetry.metrics.Metrics} counts events for Prometheus.
 *
 * <p>Threads: {@code millrace-http-…} and {@code millrace-jmx-connections}, and those of the JDK's RMI; the opener of a
 * server closes it, which ends its threads. The threads of the packages below call the listeners, which never wait for
 * a client.
 */
@NullMarked
package io.millrace.telemetry;

import org.jspecify.annotations.NullMarked;
