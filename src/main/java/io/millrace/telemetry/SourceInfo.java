// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import org.jspecify.annotations.Nullable;

/** The attributes of a source for JMX clients. Times are ISO 8601 in UTC. */
public interface SourceInfo {
    @Description("The source's name")
    String getName();

    @Description("Files, and directories with all that is below them")
    String[] getPaths();

    @Description("When it is scanned: never, every and a duration, or cron and an expression")
    String getSchedule();

    @Description("Digests that are computed")
    String[] getDigests();

    @Description("Workers that are fed")
    String[] getWorkers();

    @Description("The page cache policy: NEUTRAL, DROP or KEEP")
    String getCachePolicy();

    @Description("Files that a run has to read at least to be successful")
    int getMinFiles();

    @Description("The id of the active scan; null if there is none")
    @Nullable String getActiveScan();

    @Description("When it was last started; null before the first time")
    @Nullable String getLastStarted();

    @Description("When it last ended with every file read and no worker failed; null before the first time")
    @Nullable String getLastGood();

    @Description("Whether the last run failed or could not start, also before the service started")
    boolean isFailing();

    @Description("Seconds that the last completed run took; -1: not known, before the first")
    double getLastDurationSeconds();

    @Description("Files of that run, failed ones included; -1: not known, before the first")
    long getLastFiles();

    @Description("Bytes of that run; -1: not known, before the first")
    long getLastBytes();

    @Description("Bytes that were in the page cache before that run reached them; -1: not known, before the first")
    long getLastHotBeforeBytes();

    @Description("Of these, bytes still there behind it; -1: not known, before the first")
    long getLastHotAfterBytes();

    @Description("When it is due; null if it has no schedule")
    @Nullable String getNext();

    @Description("Why the last run failed, could not start or was skipped; null otherwise")
    @Nullable String getLastProblem();
}
