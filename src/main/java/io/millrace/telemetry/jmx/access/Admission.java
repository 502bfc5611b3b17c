// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import io.millrace.telemetry.RateLimitedLog;

/**
 * What all connectors of a service share, so that clients cannot have more of it by using several.
 *
 * @param budget of the memory of requests
 * @param log of logins that failed and connections that were closed
 */
public record Admission(RequestBudget budget, RateLimitedLog log) {}
