// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.schedule;

import io.millrace.scan.job.LastRun;
import java.time.Instant;
import java.util.Optional;

/**
 * Snapshot of a source.
 *
 * @param activeScan id of the active run
 * @param lastStarted start of the last run, which may have been before this service started
 * @param lastGood last time at which a run ended with every file read and every worker successful
 * @param next when the next run is due; empty if there is no schedule
 * @param lastRun the last completed run, which may have been before this service started
 * @param lastProblem one line that says why the last run could not be started, or why it did not succeed
 */
public record SourceStatus(
        SourceSpec spec,
        Optional<String> activeScan,
        Optional<Instant> lastStarted,
        Optional<Instant> lastGood,
        Optional<Instant> next,
        Optional<LastRun> lastRun,
        Optional<String> lastProblem) {}
