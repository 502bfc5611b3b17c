// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.schedule;

import io.millrace.scan.job.LastRun;
import java.time.Instant;
import java.util.Optional;

/**
 * A source at one moment.
 *
 * @param activeScan id of the run under way
 * @param lastStarted of the last run, also before this service started
 * @param lastGood when a run last ended with every file read and every worker content
 * @param next when the next run is due; empty where there is no schedule
 * @param lastRun the last one that is over, also before this service started
 * @param lastProblem why the last run could not begin, or how it ended badly; one line
 */
public record SourceStatus(
        SourceSpec spec,
        Optional<String> activeScan,
        Optional<Instant> lastStarted,
        Optional<Instant> lastGood,
        Optional<Instant> next,
        Optional<LastRun> lastRun,
        Optional<String> lastProblem) {}
