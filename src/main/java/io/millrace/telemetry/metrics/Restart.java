// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.metrics;

/**
 * The key of a counter: a worker and the reason why its process was replaced.
 *
 * @param reason the label of a {@link io.millrace.worker.RestartReason}, or {@link #QUARANTINED}, so that there are few
 *     series
 */
record Restart(String worker, String reason) {
    /** Replaces the reason of the failure after which the worker is quarantined. */
    static final String QUARANTINED = "quarantined";
}
