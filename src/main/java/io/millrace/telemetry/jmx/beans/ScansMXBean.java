// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.telemetry.Description;
import io.millrace.telemetry.ScanInfo;
import java.io.IOException;

/** {@code io.millrace:type=Scans}. */
@Description("All scans, and those asked for from here")
public interface ScansMXBean {
    @Description("Those under way and the last that are over, the newest first")
    ScanInfo[] getScans();

    @Description("How many are under way")
    int getActive();

    @Description("The limit for all together in bytes a second; 0 for none")
    long getTotalRateBytesPerSecond();

    @Description("One scan, under way or over")
    @ReadOnlyOperation
    ScanInfo show(@Description("Its id, such as backups-3") String id);

    @Description("One scan, under way or over, as JSON")
    @ReadOnlyOperation
    String showJson(@Description("Its id, such as backups-3") String id);

    @Description("Scans a configured source now; returns the scan's id")
    String start(@Description("The source's name") String source);

    @Description("Scans paths below the configured roots; returns the scan's id")
    String startPaths(
            @Description("Absolute paths, a directory with all below it") String[] paths,
            @Description(
                            "Any of crc32c, xxh3, sha256, sha512, sha1, md5, blake2b-512, sha3-256, sha512-256; may be empty")
                    String[] digests,
            @Description("Names of configured workers; may be empty") String[] workers,
            @Description("One of neutral, drop and keep") String cachePolicy,
            @Description("A size a second, such as 200MiB, or none") String rate)
            throws IOException;

    @Description("As startPaths, for clients that cannot write a list: one path; returns the scan's id")
    String startPath(
            @Description("An absolute path, a directory with all below it") String path,
            @Description("Digests with commas between; may be empty") String digests,
            @Description("Names of configured workers with commas between; may be empty") String workers,
            @Description("One of neutral, drop and keep") String cachePolicy,
            @Description("A size a second, such as 200MiB, or none") String rate)
            throws IOException;

    @Description("Holds a scan at its next read; says what was done")
    String pause(@Description("The scan's id") String id);

    @Description("Lets a scan go on; says what was done")
    String resume(@Description("The scan's id") String id);

    @Description("Ends a scan at its next read; says what was done")
    String cancel(@Description("The scan's id") String id);

    @Description("Changes a scan's limit at once; says what was done")
    String rate(
            @Description("The scan's id") String id,
            @Description("A size a second, such as 200MiB, or none") String rate);

    @Description("Changes the limit for all scans together at once; says what was done")
    String totalRate(@Description("A size a second, such as 200MiB, or none") String rate);
}
