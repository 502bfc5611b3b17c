// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.posix.libc.BytePath;
import io.millrace.telemetry.CatalogJson;
import io.millrace.telemetry.HealthProblem;
import io.millrace.telemetry.ProblemInfo;
import io.millrace.telemetry.ScanTotals;
import io.millrace.telemetry.ServiceParts;
import io.millrace.telemetry.ServiceSnapshot;
import io.millrace.telemetry.SourceInfo;
import io.millrace.telemetry.StatusJson;
import io.millrace.telemetry.WorkerInfo;
import io.millrace.units.Timestamps;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Implements the MXBean of the service. */
final class DaemonBean implements DaemonMXBean {
    private static final double MILLIS = 1e3;

    private final ServiceParts parts;
    private final ScanTotals totals;

    DaemonBean(ServiceParts parts, ScanTotals totals) {
        this.parts = parts;
        this.totals = totals;
    }

    @Override
    public String getVersion() {
        return parts.daemon().version();
    }

    @Override
    public String getStarted() {
        return Timestamps.utc(parts.daemon().started());
    }

    @Override
    public double getUptimeSeconds() {
        return Duration.between(parts.daemon().started(), Instant.now()).toMillis() / MILLIS;
    }

    @Override
    public String getConfiguration() {
        return parts.daemon().configuration();
    }

    @Override
    public String getStatusLine() {
        return parts.daemon().sentence();
    }

    @Override
    public ProblemInfo[] getProblems() {
        return StatusAttributes.all(ProblemInfo.class, HealthProblem.of(snapshot()), StatusJson::problem);
    }

    @Override
    public String getStatusJson() {
        ServiceSnapshot now = snapshot();
        return StatusJson.document(now, totals.sample(now.scans())).toString();
    }

    @Override
    public String[] json(String type) {
        ServiceSnapshot now = snapshot();
        List<String> lines = switch (type) {
            case "status" -> StatusJson.lines(now, totals.sample(now.scans()));
            case "scan" -> StatusJson.lines(type, StatusJson.all(now.scans(), StatusJson::scan));
            case "pool" -> StatusJson.lines(type, StatusJson.all(now.pools(), StatusJson::pool));
            case "source" -> StatusJson.lines(type, StatusJson.all(now.sources(), StatusJson::source));
            case "worker" -> StatusJson.lines(type, StatusJson.all(now.workers(), StatusJson::worker));
            case "catalog" -> StatusJson.lines(type, List.of(CatalogJson.catalog(now.catalog())));
            default ->
                throw new IllegalArgumentException(
                        "'" + type + "' is not a type; one of status, scan, pool, source, worker, catalog");
        };
        return lines.toArray(String[]::new);
    }

    private ServiceSnapshot snapshot() {
        return ServiceSnapshot.of(
                parts.daemon(),
                parts.pools().statuses(),
                parts.scans().statuses(),
                parts.sources().statuses(),
                parts.workers().statuses(),
                parts.catalog().status());
    }

    @Override
    public String getResultsDirectory() {
        return parts.daemon().resultsDirectory();
    }

    @Override
    public boolean isReady() {
        return parts.daemon().isReady();
    }

    @Override
    public String[] getRoots() {
        return parts.roots().get().trees().stream().map(BytePath::display).toArray(String[]::new);
    }

    @Override
    public SourceInfo[] getSources() {
        return StatusAttributes.all(SourceInfo.class, parts.sources().statuses(), StatusJson::source);
    }

    @Override
    public WorkerInfo[] getWorkers() {
        return StatusAttributes.all(WorkerInfo.class, parts.workers().statuses(), StatusJson::worker);
    }

    @Override
    public String status() {
        return parts.daemon().sentence();
    }

    @Override
    public String reload() throws IOException {
        return parts.daemon().reload();
    }

    @Override
    public String stop() {
        parts.daemon().stop();
        return "the service is stopping";
    }

    @Override
    public String restartWorker(String worker) {
        parts.workers().restart(worker);
        return "worker " + worker + ": its processes are being replaced";
    }
}
