// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.posix.BytePath;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** The service. */
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
    public SourceFacts[] getSources() {
        return controls.sources().statuses().stream()
                .map(status -> new SourceView(() -> status))
                .toArray(SourceFacts[]::new);
    }

    @Override
    public WorkerFacts[] getWorkers() {
        return controls.workers().statuses().stream()
                .map(status -> new WorkerView(() -> status))
                .toArray(WorkerFacts[]::new);
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
