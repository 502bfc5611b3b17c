// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.prealloc.pool.PoolState;
import io.millrace.prealloc.pool.PoolStatus;
import io.millrace.scan.catalog.CatalogStatus;
import io.millrace.scan.job.ScanStatus;
import io.millrace.scan.schedule.SourceStatus;
import io.millrace.units.EnumLabels;
import io.millrace.worker.WorkerStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that the endpoints show, taken at one moment.
 *
 * @param at the time at which it was taken
 */
public record ServiceSnapshot(
        Instant at,
        Service service,
        List<PoolStatus> pools,
        List<ScanStatus> scans,
        List<SourceStatus> sources,
        List<WorkerStatus> workers,
        CatalogStatus catalog) {

    /** Creates the snapshot of a service without a catalog. */
    public ServiceSnapshot(
            Instant at,
            Service service,
            List<PoolStatus> pools,
            List<ScanStatus> scans,
            List<SourceStatus> sources,
            List<WorkerStatus> workers) {
        this(at, service, pools, scans, sources, workers, CatalogStatus.OFF);
    }

    /** The state of the service as a whole, from {@link DaemonControl}. */
    public record Service(
            String version,
            Instant started,
            String configuration,
            String resultsDirectory,
            String sentence,
            List<String> troubles,
            boolean ready) {}

    public static ServiceSnapshot of(ServiceParts parts) {
        return of(
                parts.daemon(),
                parts.pools().statuses(),
                parts.scans().statuses(),
                parts.sources().statuses(),
                parts.workers().statuses(),
                parts.catalog().status());
    }

    public static ServiceSnapshot of(
            DaemonControl daemon,
            List<PoolStatus> pools,
            List<ScanStatus> scans,
            List<SourceStatus> sources,
            List<WorkerStatus> workers,
            CatalogStatus catalog) {
        var service = new Service(
                daemon.version(),
                daemon.started(),
                daemon.configuration(),
                daemon.resultsDirectory(),
                daemon.sentence(),
                daemon.troubles(),
                daemon.isReady());
        return new ServiceSnapshot(Instant.now(), service, pools, scans, sources, workers, catalog);
    }

    /** Returns a line for each object that is not ready; empty if the service is ready. */
    public List<String> notReady() {
        var lines = new ArrayList<String>();
        for (PoolStatus pool : pools) {
            if (pool.state() != PoolState.READY) {
                lines.add("pool " + pool.spec().name() + ": " + EnumLabels.of(pool.state()) + ", " + pool.ready()
                        + " of "
                        + pool.spec().ready() + " files"
                        + pool.reason().map(why -> ": " + why).orElse(""));
            }
        }
        if (catalog.state() == CatalogStatus.State.FAILED) {
            lines.add("catalog: " + catalog.reason().orElse("not open"));
        }
        if (lines.isEmpty() && !service.ready()) {
            lines.add("service: " + service.sentence());
        }
        return lines;
    }

    public List<ScanStatus> activeScans() {
        return scans.stream().filter(scan -> !scan.state().isOver()).toList();
    }
}
