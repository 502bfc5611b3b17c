// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.telemetry.Description;
import io.millrace.telemetry.SourceInfo;
import io.millrace.telemetry.WorkerInfo;
import java.io.IOException;

/** {@code io.millrace:type=Daemon}. */
@Description("The service as a whole")
public interface DaemonMXBean {
    @Description("The version of Millrace")
    String getVersion();

    @Description("When the service started, ISO 8601, UTC")
    String getStarted();

    @Description("Seconds since the service started")
    double getUptimeSeconds();

    @Description("The configuration file")
    String getConfiguration();

    @Description("How things are, in one sentence")
    String getSentence();

    @Description("What is wrong with the service itself, a line each")
    String[] getTroubles();

    @Description("Where results are kept: NAME.ndjson of each source, request.ndjson of requests")
    String getResultsDirectory();

    @Description("Whether all pools are at their target and the service takes requests")
    boolean isReady();

    @Description("The only trees that requests may name")
    String[] getRoots();

    @Description("The sources by name")
    SourceInfo[] getSources();

    @Description("The workers by name")
    WorkerInfo[] getWorkers();

    @Description("Says how things are, in one sentence")
    @ReadOnlyOperation
    String status();

    @Description("Reads the configuration file again and applies it as a whole, or nothing of it; says what changed")
    String reload() throws IOException;

    @Description("Begins to stop the service; says so")
    String stop();

    @Description("Replaces a worker's processes, each after the file that it has; says what was done")
    String restartWorker(@Description("The worker's name") String worker);
}
