// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.scan.job.ScanRequest;
import io.millrace.scan.job.ScanService;
import io.millrace.scan.job.ScanStatus;
import java.util.List;

/** Delegates to the real scans. */
record ScansControl(ScanService scans) implements Controls.OfScans {
    @Override
    public List<ScanStatus> statuses() {
        return scans.statuses();
    }

    @Override
    public ScanStatus status(String id) {
        return scans.status(id);
    }

    @Override
    public String start(ScanRequest request) {
        return scans.start(request);
    }

    @Override
    public boolean pause(String id) {
        return scans.pause(id);
    }

    @Override
    public boolean resume(String id) {
        return scans.resume(id);
    }

    @Override
    public boolean cancel(String id) {
        return scans.cancel(id);
    }

    @Override
    public boolean setRate(String id, long bytesPerSecond) {
        return scans.setRate(id, bytesPerSecond);
    }

    @Override
    public void setTotalRate(long bytesPerSecond) {
        scans.setTotalRate(bytesPerSecond);
    }

    @Override
    public long totalRate() {
        return scans.totalRate();
    }
}
