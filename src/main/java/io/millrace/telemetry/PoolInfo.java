// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import org.jspecify.annotations.Nullable;

/** The attributes of a pool for JMX clients. Sizes are in bytes. */
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

    @Description("FILLING, READY, STARVED or FAILED")
    String getState();

    @Description("Why it is starved or has failed; null otherwise")
    @Nullable String getReason();

    @Description("Files that were taken since the service started")
    long getClaims();

    @Description("Files that are taken a second, lately")
    double getClaimsPerSecond();

    @Description("Bytes that were reserved for it since the service started")
    long getReservedBytes();

    @Description("Free bytes of the file system, as the service may take them; -1: not known")
    long getFreeBytes();

    @Description("Of them, bytes that filling leaves alone; -1: not known")
    long getReserveBytes();

    @Description(
            "Seconds until the space above the reserve ends if claims go on as lately; -1: not known, or no claims lately")
    double getSecondsOfSpace();

    @Description("Free space that filling never crosses")
    String getReserve();

    @Description("What the files hold: RESERVE or ZERO")
    String getFill();

    @Description("The files' mode in octal")
    String getPermissions();

    @Description("How many entries of the directory are none of the pool's")
    long getStrangers();

    @Description("The first few of them, each with why")
    String[] getStrangerWords();
}
