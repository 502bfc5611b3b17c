// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.telemetry.ScanInfoView;
import io.millrace.telemetry.ServiceParts;

/** Implements the MXBean of one running scan. */
final class ScanBean extends ScanInfoView implements ScanMXBean {
    private final String id;
    private final ScansBean scans;

    ScanBean(String id, ServiceParts parts) {
        super(() -> parts.scans().status(id));
        this.id = id;
        this.scans = new ScansBean(parts);
    }

    @Override
    public String pause() {
        return scans.pause(id);
    }

    @Override
    public String resume() {
        return scans.resume(id);
    }

    @Override
    public String cancel() {
        return scans.cancel(id);
    }

    @Override
    public String rate(String bytesPerSecond) {
        return scans.rate(id, bytesPerSecond);
    }
}
