// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import org.jspecify.annotations.Nullable;

/** The attributes of a scan for JMX clients; {@link StatusJson#scan} has their values. */
public interface ScanInfo {
    @Description("Unique while the service runs")
    String getId();

    @Description("The source that it is a run of; null for one that was asked for")
    @Nullable String getSource();

    @Description("One of running, cancelling, yielding, paused, finished, cancelled and failed")
    String getState();

    @Description("When it started, ISO 8601, UTC")
    String getStarted();

    @Description("When it ended; null while it runs")
    @Nullable String getEnded();

    @Description("Files that are finished, well or not")
    long getFiles();

    @Description("Of the files, those that could not be read to their end")
    long getFailed();

    @Description("Of the files, those that were altered while they were read")
    long getChanged();

    @Description("Of the files, those that failed at a worker")
    long getWorkersFailed();

    @Description("Bytes that every consumer is done with, holes of sparse files included")
    long getBytes();

    @Description("Bytes that were read so far; holes are not in it")
    long getReadBytes();

    @Description("Of these, bytes that were not known to be in the page cache")
    long getDeviceBytes();

    @Description("Bytes that it will have read in the end; null: not known, until they are counted")
    @Nullable Long getTotalBytes();

    @Description("Bytes read a second over the last five seconds, without holes; of a scan that is over, on the whole")
    long getBytesPerSecond();

    @Description("Of these, those that were not known to be in the page cache")
    long getDeviceBytesPerSecond();

    @Description("Its limit in bytes a second; 0 for none")
    long getRateLimitBytesPerSecond();

    @Description("Seconds in which it yielded to other I/O")
    double getYieldedSeconds();

    @Description("Seconds that its longest call into the kernel has lasted without a reply, from 5 on; 0 for none")
    double getStalledSeconds();

    @Description("A few of the files under way")
    String[] getReading();

    @Description("Bytes of holes of sparse files, which need not be read")
    long getHoleBytes();

    @Description("Bytes that were in the page cache before the scan reached them")
    long getHotBeforeBytes();

    @Description("Of these, bytes still there behind the scan")
    long getHotAfterBytes();

    @Description(
            "Bytes of files of which the kernel would not say what the page cache holds; the other figures of it lack them")
    long getResidencyUnknownBytes();

    @Description("Bytes that the scan left in the page cache, which were not there before")
    long getLeftBytes();

    @Description("Bytes that it asked the kernel to drop again")
    long getReleasedBytes();

    @Description("Why it failed; null otherwise")
    @Nullable String getError();
}
