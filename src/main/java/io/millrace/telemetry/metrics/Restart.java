// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.metrics;

/**
 * A worker's process that had to be replaced, and why.
 *
 * @param reason the words of a {@link io.millrace.worker.RestartReason}, or {@link #QUARANTINED}: series stay few
 */
record Restart(String worker, String reason) {
    /** The failure after which none is started for a while; told of instead of its own reason. */
    static final String QUARANTINED = "quarantined";
}
