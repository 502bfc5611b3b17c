// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

/**
 * What all connectors of a service share, so that clients cannot have more of it by using several.
 *
 * @param budget of the memory of requests
 * @param log of logins that failed and connections that were closed
 */
record Admission(RequestBudget budget, RateLimitedLog log) {}
