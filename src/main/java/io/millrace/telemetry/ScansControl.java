// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.posix.BytePath;
import io.millrace.posix.OpenFlag;
import io.millrace.posix.OutsideException;
import io.millrace.posix.PosixException;
import io.millrace.posix.Roots;
import io.millrace.scan.ScanRequest;
import io.millrace.scan.ScanStatus;
import io.millrace.scan.Scans;
import java.util.List;
import java.util.Set;

/** The real scans. */
record ScansControl(Scans scans) implements Controls.OfScans {
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
        request.within().ifPresent(roots -> request.paths().forEach(path -> refuseOutside(roots, path)));
        return scans.start(request);
    }

    /** Whoever asks is to hear of it; the scan itself looks again, since a tree may change. */
    private static void refuseOutside(Roots roots, BytePath path) {
        try {
            roots.open(path, Set.of(OpenFlag.PATH, OpenFlag.NO_FOLLOW)).close();
        } catch (OutsideException | PosixException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
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
