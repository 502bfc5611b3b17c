// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import org.jspecify.annotations.Nullable;

/** The attributes of a source for JMX clients; {@link StatusJson#source} has their values. Times are ISO 8601 in UTC. */
public interface SourceInfo {
    @Description("The source's name")
    String getName();

    @Description("Files, and directories with all that is below them")
    String[] getPaths();

    @Description("When it is scanned: never, every and a duration, cron and an expression, or between and times of day")
    String getSchedule();

    @Description("Digests that are computed")
    String[] getDigests();

    @Description("Workers that are fed")
    String[] getWorkers();

    @Description("The page cache policy: neutral, drop or keep")
    String getCachePolicy();

    @Description("Files that a run has to read at least to be successful")
    int getMinFiles();

    @Description("What it has to do with the catalog: none, record or verify")
    String getCatalogUse();

    @Description("The id of the active scan; null if there is none")
    @Nullable String getActiveScan();

    @Description("When it last started; null before the first time")
    @Nullable String getLastStarted();

    @Description("When it last ended with every file read and no worker failed; null before the first time")
    @Nullable String getLastGood();

    @Description("Whether the last run failed or could not start, also before the service started")
    boolean isFailing();

    @Description("When it is due; null if it has no schedule")
    @Nullable String getNext();

    @Description("Why the last run failed, could not start or was skipped; null otherwise")
    @Nullable String getLastProblem();

    @Description("The last run that has ended; null before the first")
    @Nullable LastRunInfo getLastRun();

    /** The attributes of a run that has ended. */
    interface LastRunInfo {
        @Description("When it ended")
        String getEnded();

        @Description("Seconds that it took")
        double getDurationSeconds();

        @Description("Files that it finished, well or not")
        long getFiles();

        @Description("Of the files, those that could not be read to their end")
        long getFailed();

        @Description("Of the files, those that failed at a worker")
        long getWorkersFailed();

        @Description("Bytes of the files")
        long getBytes();

        @Description("Bytes that were in the page cache before the run reached them")
        long getHotBeforeBytes();

        @Description("Of these, bytes still there behind it")
        long getHotAfterBytes();

        @Description("Why it was not good; null otherwise")
        @Nullable String getProblem();
    }
}
