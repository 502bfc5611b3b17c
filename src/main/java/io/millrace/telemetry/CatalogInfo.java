// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import org.jspecify.annotations.Nullable;

/** The attributes of the catalog for JMX clients; {@link CatalogJson} has their values. Times are ISO 8601 in UTC. */
public interface CatalogInfo {
    @Description("One of off, open and failed")
    String getState();

    @Description("The path of the database; null where it is off")
    @Nullable String getDatabase();

    @Description("Why it is not open; null where it is, or is off")
    @Nullable String getReason();

    @Description("Files that it knows; null before the first reading, which takes place once an hour and after runs")
    @Nullable Long getFiles();

    @Description("Bytes of these files")
    @Nullable Long getFileBytes();

    @Description("Names of these files, more than files where there are hard links")
    @Nullable Long getNames();

    @Description("Bytes of the files that were verified on the device at least once")
    @Nullable Long getDeviceVerifiedBytes();

    @Description("Bytes of the files that are always being written to, and never settle")
    @Nullable Long getLiveBytes();

    @Description("Bytes of the database file")
    @Nullable Long getDatabaseBytes();

    @Description("Files that are not what was recorded, though nobody wrote to them, and that nobody has acknowledged")
    long getCorruptFiles();

    @Description("Such files that somebody has acknowledged")
    long getAcknowledgedFiles();

    @Description("When the newest backup was begun; null where there is none")
    @Nullable String getLastBackup();

    @Description("Why the last backup failed; null otherwise")
    @Nullable String getBackupProblem();

    @Description("What is to be said about how it was opened and where it lies")
    String[] getNotices();

    @Description("The files that are not what was recorded, the most urgent first, 1000 at most")
    AlarmInfo[] getAlarms();

    @Description("How the sources with verify-within stand")
    CoverageInfo[] getCoverage();

    /** The attributes of a file that is not what was recorded. */
    interface AlarmInfo {
        @Description("Its path")
        String getPath();

        @Description("What is wrong: disk bad, cached copy good; corrupt; memory suspect; transient")
        String getVerdict();

        @Description("Whether an operator has taken note of it")
        boolean isAcknowledged();

        @Description("What to do about it")
        String getAdvice();
    }

    /** The attributes of how a source stands to its verify-within. */
    interface CoverageInfo {
        @Description("The source's name")
        String getSource();

        @Description("Every settled file is to be verified on the device within so many seconds")
        long getVerifyWithinSeconds();

        @Description("When files are read for that, in local time")
        String getBetween();

        @Description("Whether no file is late, and none will be by the forecast")
        boolean isPromiseKept();

        @Description("In how many nights it will be broken by the forecast, 0 if it is; null if it will be kept")
        @Nullable Integer getBreaksInNights();

        @Description("Why it will be broken; null otherwise")
        @Nullable String getForecast();

        @Description(
                "When the file that was verified the longest ago was, or was first seen if never; null without files")
        @Nullable String getOldestVerified();

        @Description("Bytes of its files by the catalog")
        long getBytes();

        @Description("Of these, verified on the device in time")
        long getVerifiedBytes();

        @Description("Of these, not verified yet, and not late")
        long getNewBytes();

        @Description("Of these, late")
        long getLateBytes();

        @Description("Of these, of files that are always being written to")
        long getLiveBytes();

        @Description("Of these, of files that were being written to at the last pass")
        long getUnsettledBytes();

        @Description("Of these, of files that are corrupt or cannot be read")
        long getBadBytes();

        @Description("What a night that begins now would read, files' cost included")
        long getShareBytes();
    }
}
