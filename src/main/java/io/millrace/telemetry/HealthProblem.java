// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.prealloc.pool.PoolState;
import io.millrace.prealloc.pool.PoolStatus;
import io.millrace.scan.job.ScanStatus;
import io.millrace.scan.schedule.SourceStatus;
import io.millrace.worker.WorkerStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One problem that needs an operator's attention, in one line. Every endpoint takes its list of problems from here.
 *
 * @param kind of the object: pool, worker, scan, source, catalog or service
 * @param name of the object; null for the service itself and its catalog
 * @param text what is wrong and why, including kind and name
 */
public record HealthProblem(String kind, @Nullable String name, String text) {
    /** Returns all problems: those of the service, of pools, workers, scans, sources and the catalog, each in the given order. */
    public static List<HealthProblem> of(ServiceSnapshot now) {
        List<HealthProblem> all = new ArrayList<>();
        now.service().troubles().forEach(text -> all.add(new HealthProblem("service", null, text)));
        now.pools().stream().flatMap(pool -> of(pool).stream()).forEach(all::add);
        now.workers().stream().flatMap(worker -> of(worker).stream()).forEach(all::add);
        now.scans().stream().flatMap(scan -> of(scan).stream()).forEach(all::add);
        now.sources().stream().flatMap(source -> of(source).stream()).forEach(all::add);
        now.catalog().problems().forEach(text -> all.add(new HealthProblem("catalog", null, text)));
        return List.copyOf(all);
    }

    private static HealthProblem named(String kind, String name, String what) {
        return new HealthProblem(kind, name, kind + " " + name + what);
    }

    private static Optional<HealthProblem> of(PoolStatus pool) {
        if (!pool.state().isTrouble()) {
            return Optional.empty();
        }
        String state = pool.state() == PoolState.STARVED ? " is starved: " : " has failed: ";
        return Optional.of(
                named("pool", pool.spec().name(), state + pool.reason().orElse("the reason is not known")));
    }

    private static Optional<HealthProblem> of(WorkerStatus worker) {
        String reason = worker.lastReason().orElse("it keeps failing");
        return worker.quarantined()
                ? Optional.of(named("worker", worker.spec().name(), " is quarantined: " + reason))
                : Optional.empty();
    }

    private static Optional<HealthProblem> of(ScanStatus scan) {
        return scan.ended().isEmpty() && !scan.stalled().isZero()
                ? Optional.of(named(
                        "scan",
                        scan.id(),
                        " is stalled: " + DisplayFormat.stalled(scan.stalled().toSeconds())))
                : Optional.empty();
    }

    private static Optional<HealthProblem> of(SourceStatus source) {
        return source.lastProblem().map(problem -> named("source", source.spec().name(), " is failing: " + problem));
    }
}
