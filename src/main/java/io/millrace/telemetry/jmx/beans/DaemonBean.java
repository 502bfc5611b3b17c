// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.posix.libc.BytePath;
import io.millrace.telemetry.ServiceParts;
import io.millrace.telemetry.SourceInfo;
import io.millrace.telemetry.SourceInfoView;
import io.millrace.telemetry.WorkerInfo;
import io.millrace.telemetry.WorkerInfoView;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** Implements the MXBean of the service. */
final class DaemonBean implements DaemonMXBean {
    private static final double MILLIS = 1e3;

    private final ServiceParts parts;

    DaemonBean(ServiceParts parts) {
        this.parts = parts;
    }

    @Override
    public String getVersion() {
        return parts.daemon().version();
    }

    @Override
    public String getStarted() {
        return parts.daemon().started().toString();
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
    public String getSentence() {
        return parts.daemon().sentence();
    }

    @Override
    public String[] getTroubles() {
        return parts.daemon().troubles().toArray(String[]::new);
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
        return parts.sources().statuses().stream()
                .map(status -> new SourceInfoView(() -> status))
                .toArray(SourceInfo[]::new);
    }

    @Override
    public WorkerInfo[] getWorkers() {
        return parts.workers().statuses().stream()
                .map(status -> new WorkerInfoView(() -> status))
                .toArray(WorkerInfo[]::new);
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
