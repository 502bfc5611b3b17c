// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The attributes of a worker for JMX clients; {@link StatusJson#worker} has their values. */
public interface WorkerInfo {
    @Description("The worker's name")
    String getName();

    @Description("The configured program and its arguments")
    String[] getCommand();

    @Description("One of per-file and persistent")
    String getMode();

    @Description("How many processes may run at a time")
    int getMaxProcesses();

    @Description("How many processes run now")
    int getProcesses();

    @Description("Of them, those that have a file")
    int getBusy();

    @Description("Bytes that its processes were given since the service started")
    long getFedBytes();

    @Description("Restarts of its processes since the service started")
    long getRestarts();

    @Description("Whether it is quarantined because it keeps failing")
    boolean isQuarantined();

    @Description("Why a file last failed at it, or a process was last restarted; null if none was")
    @Nullable String getLastReason();

    @Description("When that was, ISO 8601, UTC; null if it never was")
    @Nullable String getLastReasonAt();

    @Description("Files that failed at it since the service started")
    long getFailedFiles();

    @Description("Files that it was given since the service started, by outcome")
    Map<String, Long> getFiles();
}
