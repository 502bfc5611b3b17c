// SPDX-License-Identifier: Apache-2.0
/**
 * Metrics of the service for Prometheus: counters of events, and figures of statuses that are asked for at each scrape.
 *
 * <p>{@link io.millrace.telemetry.metrics.Metrics} counts, {@link io.millrace.telemetry.metrics.Exposition} writes the text. The
 * only package with Micrometer and the Prometheus client. Counters may be called by any thread.
 */
@NullMarked
package io.millrace.telemetry.metrics;

import org.jspecify.annotations.NullMarked;
