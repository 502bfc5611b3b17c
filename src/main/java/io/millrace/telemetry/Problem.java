// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.prealloc.PoolState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One thing that an operator should look at, in one line. Every face that lists problems takes them from here.
 *
 * @param kind of the thing, as the tables of the status page are called; empty where it is the service itself
 * @param name of the thing; empty where it is the service itself
 * @param text what is wrong and why, with kind and name
 */
public record Problem(String kind, String name, String text) {
    /** The problems of all that there is: of the service, of pools, workers, scans and sources, each in the order given. */
    public static List<Problem> of(
            String[] troubles, PoolFacts[] pools, WorkerFacts[] workers, ScanFacts[] scans, SourceFacts[] sources) {
        List<Problem> all = new ArrayList<>();
        Arrays.stream(troubles).map(text -> new Problem("", "", text)).forEach(all::add);
        Arrays.stream(pools).filter(Problem::is).map(Problem::of).forEach(all::add);
        Arrays.stream(workers).filter(Problem::is).map(Problem::of).forEach(all::add);
        Arrays.stream(scans).filter(Problem::is).map(Problem::of).forEach(all::add);
        Arrays.stream(sources).filter(Problem::is).map(Problem::of).forEach(all::add);
        return List.copyOf(all);
    }

    static List<Problem> of(Snapshot snapshot) {
        return of(
                snapshot.service().troubles().toArray(String[]::new),
                snapshot.pools().stream().map(pool -> new PoolView(() -> pool)).toArray(PoolFacts[]::new),
                snapshot.workers().stream()
                        .map(worker -> new WorkerView(() -> worker))
                        .toArray(WorkerFacts[]::new),
                snapshot.scans().stream().map(scan -> new ScanView(() -> scan)).toArray(ScanFacts[]::new),
                snapshot.sources().stream()
                        .map(source -> new SourceView(() -> source))
                        .toArray(SourceFacts[]::new));
    }

    private static boolean is(PoolFacts pool) {
        return PoolState.valueOf(pool.getState()).isTrouble();
    }

    private static boolean is(WorkerFacts worker) {
        return worker.isQuarantined();
    }

    private static boolean is(ScanFacts scan) {
        return scan.getEnded() == null && scan.getStalledSeconds() > 0;
    }

    private static boolean is(SourceFacts source) {
        return source.getLastProblem() != null;
    }

    private static Problem of(PoolFacts pool) {
        String state = pool.getState().equals(PoolState.STARVED.name()) ? " is starved: " : " has failed: ";
        String reason = pool.getReason() == null ? "the reason is not known" : pool.getReason();
        return new Problem("pools", pool.getName(), "pool " + pool.getName() + state + reason);
    }

    private static Problem of(WorkerFacts worker) {
        String reason = worker.getLastReason() == null ? "it keeps failing" : worker.getLastReason();
        return new Problem("workers", worker.getName(), "worker " + worker.getName() + " is quarantined: " + reason);
    }

    private static Problem of(ScanFacts scan) {
        String since = Words.span(scan.getStalledSeconds());
        return new Problem(
                "scans", scan.getId(), "scan " + scan.getId() + " is stalled: no reply from the kernel for " + since);
    }

    private static Problem of(SourceFacts source) {
        return new Problem(
                "sources", source.getName(), "source " + source.getName() + " is failing: " + source.getLastProblem());
    }
}
