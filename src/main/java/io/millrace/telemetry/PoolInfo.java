// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import org.jspecify.annotations.Nullable;

/** The attributes of a pool for JMX clients; {@link StatusJson#pool} has their values. */
public interface PoolInfo {
    @Description("The pool's name")
    String getName();

    @Description("Where its files lie")
    String getDirectory();

    @Description("Bytes of each file")
    long getFileBytes();

    @Description("How many files are kept")
    int getTargetFiles();

    @Description("How many may be claimed now")
    int getReadyFiles();

    @Description("One of filling, ready, starved and failed")
    String getState();

    @Description("Why it is starved or has failed; null otherwise")
    @Nullable String getReason();

    @Description("Files that were taken since the service started")
    long getClaims();

    @Description("Files that are taken a second, lately")
    double getClaimsPerSecond();

    @Description("Bytes that were reserved for it since the service started")
    long getReservedBytes();

    @Description("Free bytes of the file system, as the service may take them; null: not known")
    @Nullable Long getFreeBytes();

    @Description("Of them, bytes that filling never takes; null: not known")
    @Nullable Long getReserveBytes();

    @Description(
            "Seconds until the space above the reserve ends if claims go on as lately; null: not known, or no claims lately")
    @Nullable Long getSpaceSeconds();

    @Description("Free space that filling never crosses")
    String getReserve();

    @Description("What the files hold: reserve or zero")
    String getFill();

    @Description("The files' mode in octal")
    String getPermissions();

    @Description("How many entries of the directory do not belong to the pool")
    long getForeignFiles();

    @Description("The first few of them, each with the reason")
    String[] getForeignFileExamples();
}
