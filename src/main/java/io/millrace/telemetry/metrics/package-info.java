// SPDX-License-Identifier: Apache-2.0
/**
 * Metrics of the service for Prometheus: counters of events, and gauges computed from statuses at each scrape.
 *
 * <p>Open {@link io.millrace.telemetry.metrics.Metrics} first, which counts;
 * {@link io.millrace.telemetry.metrics.Exposition} writes the text format. The only package that uses Micrometer and
 * the Prometheus client. Any thread may increment counters.
 */
@NullMarked
package io.millrace.telemetry.metrics;

import org.jspecify.annotations.NullMarked;
