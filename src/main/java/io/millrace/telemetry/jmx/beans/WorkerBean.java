// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.telemetry.ServiceParts;
import io.millrace.telemetry.WorkerInfoView;

/** Implements the MXBean of one worker. */
final class WorkerBean extends WorkerInfoView implements WorkerMXBean {
    private final String name;
    private final DaemonBean daemon;

    WorkerBean(String name, ServiceParts parts) {
        super(() -> parts.workers().statuses().stream()
                .filter(status -> status.spec().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no worker '" + name + "' any more")));
        this.name = name;
        this.daemon = new DaemonBean(parts);
    }

    @Override
    public String restart() {
        return daemon.restartWorker(name);
    }
}
