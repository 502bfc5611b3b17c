// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.prealloc.PoolState;
import io.millrace.prealloc.PoolStatus;
import io.millrace.scan.ScanStatus;
import io.millrace.scan.SourceStatus;
import io.millrace.worker.WorkerStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * All that the faces show, asked for at one moment.
 *
 * @param at when it was taken
 */
record Snapshot(
        Instant at,
        Service service,
        List<PoolStatus> pools,
        List<ScanStatus> scans,
        List<SourceStatus> sources,
        List<WorkerStatus> workers) {

    /** The service as a whole, as {@link DaemonControl} tells it. */
    record Service(
            String version,
            Instant started,
            String configuration,
            String resultsDirectory,
            String sentence,
            List<String> troubles,
            boolean ready) {}

    static Snapshot of(Subjects subjects) {
        DaemonControl daemon = subjects.daemon();
        var service = new Service(
                daemon.version(),
                daemon.started(),
                daemon.configuration(),
                daemon.resultsDirectory(),
                daemon.sentence(),
                daemon.troubles(),
                daemon.isReady());
        return new Snapshot(
                Instant.now(),
                service,
                subjects.pools().statuses(),
                subjects.scans().statuses(),
                subjects.sources().statuses(),
                subjects.workers().statuses());
    }

    /** A line for each thing that is not ready; none where the service is. */
    List<String> notReady() {
        var lines = new ArrayList<String>();
        for (PoolStatus pool : pools) {
            if (pool.state() != PoolState.READY) {
                lines.add("pool " + pool.spec().name() + ": " + Words.state(pool.state()) + ", " + pool.ready() + " of "
                        + pool.spec().ready() + " files"
                        + pool.reason().map(why -> ": " + why).orElse(""));
            }
        }
        if (lines.isEmpty() && !service.ready()) {
            lines.add("service: " + service.sentence());
        }
        return lines;
    }

    List<ScanStatus> activeScans() {
        return scans.stream().filter(scan -> !scan.state().isOver()).toList();
    }
}
