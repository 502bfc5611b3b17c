// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.prealloc.pool.PoolState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One problem that needs an operator's attention, in one line. Every endpoint takes its list of problems from here.
 *
 * @param kind of the object, as the tables of the status page are called; empty for the service itself
 * @param name of the object; empty for the service itself
 * @param text what is wrong and why, including kind and name
 */
public record HealthProblem(String kind, String name, String text) {
    /** Returns all problems: those of the service, of pools, workers, scans and sources, each in the given order. */
    public static List<HealthProblem> of(
            String[] troubles, PoolInfo[] pools, WorkerInfo[] workers, ScanInfo[] scans, SourceInfo[] sources) {
        List<HealthProblem> all = new ArrayList<>();
        Arrays.stream(troubles).map(text -> new HealthProblem("", "", text)).forEach(all::add);
        Arrays.stream(pools).filter(HealthProblem::is).map(HealthProblem::of).forEach(all::add);
        Arrays.stream(workers).filter(HealthProblem::is).map(HealthProblem::of).forEach(all::add);
        Arrays.stream(scans).filter(HealthProblem::is).map(HealthProblem::of).forEach(all::add);
        Arrays.stream(sources).filter(HealthProblem::is).map(HealthProblem::of).forEach(all::add);
        return List.copyOf(all);
    }

    public static List<HealthProblem> of(ServiceSnapshot snapshot) {
        return of(
                snapshot.service().troubles().toArray(String[]::new),
                snapshot.pools().stream()
                        .map(pool -> new PoolInfoView(() -> pool))
                        .toArray(PoolInfo[]::new),
                snapshot.workers().stream()
                        .map(worker -> new WorkerInfoView(() -> worker))
                        .toArray(WorkerInfo[]::new),
                snapshot.scans().stream()
                        .map(scan -> new ScanInfoView(() -> scan))
                        .toArray(ScanInfo[]::new),
                snapshot.sources().stream()
                        .map(source -> new SourceInfoView(() -> source))
                        .toArray(SourceInfo[]::new));
    }

    private static boolean is(PoolInfo pool) {
        return PoolState.valueOf(pool.getState()).isTrouble();
    }

    private static boolean is(WorkerInfo worker) {
        return worker.isQuarantined();
    }

    private static boolean is(ScanInfo scan) {
        return scan.getEnded() == null && scan.getStalledSeconds() > 0;
    }

    private static boolean is(SourceInfo source) {
        return source.getLastProblem() != null;
    }

    private static HealthProblem of(PoolInfo pool) {
        String state = pool.getState().equals(PoolState.STARVED.name()) ? " is starved: " : " has failed: ";
        String reason = pool.getReason() == null ? "the reason is not known" : pool.getReason();
        return new HealthProblem("pools", pool.getName(), "pool " + pool.getName() + state + reason);
    }

    private static HealthProblem of(WorkerInfo worker) {
        String reason = worker.getLastReason() == null ? "it keeps failing" : worker.getLastReason();
        return new HealthProblem(
                "workers", worker.getName(), "worker " + worker.getName() + " is quarantined: " + reason);
    }

    private static HealthProblem of(ScanInfo scan) {
        String since = DisplayFormat.span(scan.getStalledSeconds());
        return new HealthProblem(
                "scans", scan.getId(), "scan " + scan.getId() + " is stalled: no reply from the kernel for " + since);
    }

    private static HealthProblem of(SourceInfo source) {
        return new HealthProblem(
                "sources", source.getName(), "source " + source.getName() + " is failing: " + source.getLastProblem());
    }
}
