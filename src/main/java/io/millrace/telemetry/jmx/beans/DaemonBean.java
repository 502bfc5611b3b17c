// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.posix.libc.BytePath;
import io.millrace.telemetry.Controls;
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

    private final Controls controls;

    DaemonBean(Controls controls) {
        this.controls = controls;
    }

    @Override
    public String getVersion() {
        return controls.daemon().version();
    }

    @Override
    public String getStarted() {
        return controls.daemon().started().toString();
    }

    @Override
    public double getUptimeSeconds() {
        return Duration.between(controls.daemon().started(), Instant.now()).toMillis() / MILLIS;
    }

    @Override
    public String getConfiguration() {
        return controls.daemon().configuration();
    }

    @Override
    public String getSentence() {
        return controls.daemon().sentence();
    }

    @Override
    public String[] getTroubles() {
        return controls.daemon().troubles().toArray(String[]::new);
    }

    @Override
    public String getResultsDirectory() {
        return controls.daemon().resultsDirectory();
    }

    @Override
    public boolean isReady() {
        return controls.daemon().isReady();
    }

    @Override
    public String[] getRoots() {
        return controls.roots().get().trees().stream().map(BytePath::display).toArray(String[]::new);
    }

    @Override
    public SourceInfo[] getSources() {
        return controls.sources().statuses().stream()
                .map(status -> new SourceInfoView(() -> status))
                .toArray(SourceInfo[]::new);
    }

    @Override
    public WorkerInfo[] getWorkers() {
        return controls.workers().statuses().stream()
                .map(status -> new WorkerInfoView(() -> status))
                .toArray(WorkerInfo[]::new);
    }

    @Override
    public String status() {
        return controls.daemon().sentence();
    }

    @Override
    public String reload() throws IOException {
        return controls.daemon().reload();
    }

    @Override
    public String stop() {
        controls.daemon().stop();
        return "the service is stopping";
    }

    @Override
    public String restartWorker(String worker) {
        controls.workers().restart(worker);
        return "worker " + worker + ": its processes are being replaced";
    }
}
