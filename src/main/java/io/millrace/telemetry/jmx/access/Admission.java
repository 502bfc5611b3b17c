// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import io.millrace.telemetry.RateLimitedLog;

/**
 * Limits shared by all connectors of a service, so that a client gains nothing by using several.
 *
 * @param budget for the memory of requests
 * @param log for failed logins and closed connections
 */
public record Admission(RequestBudget budget, RateLimitedLog log) {}
