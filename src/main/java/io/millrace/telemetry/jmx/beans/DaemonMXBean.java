// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.telemetry.Description;
import io.millrace.telemetry.ProblemInfo;
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

    @Description("The state in one sentence, as systemctl shows it")
    String getStatusLine();

    @Description("All problems: of the service, its pools, workers, scans and sources")
    ProblemInfo[] getProblems();

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

    @Description("The whole state as JSON, the same as /status.json")
    String getStatusJson();

    @Description("The objects of one type as JSON, one in each string; for status also a summary as the last")
    @ReadOnlyOperation
    String[] json(@Description("One of status, scan, pool, source, worker") String type);

    @Description("Returns the status line")
    @ReadOnlyOperation
    String status();

    @Description("Reads the configuration file again and applies it as a whole, or nothing of it; says what changed")
    String reload() throws IOException;

    @Description("Begins to stop the service; says so")
    String stop();

    @Description("Replaces a worker's processes, each after the file that it has; says what was done")
    String restartWorker(@Description("The worker's name") String worker);
}
