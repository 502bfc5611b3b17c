// SPDX-License-Identifier: Apache-2.0
/**
 * The faces of the service: JMX, Prometheus metrics, and HTTP with the status page. Adapters over the floors below, of
 * which they hear by their listeners and ask for statuses. Decides nothing. The only package that knows JMX, Micrometer
 * and HTTP.
 */
@NullMarked
package io.millrace.telemetry;

import org.jspecify.annotations.NullMarked;
