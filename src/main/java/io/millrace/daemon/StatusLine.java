// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.prealloc.pool.PoolState;
import io.millrace.prealloc.pool.PoolStatus;
import io.millrace.scan.job.ScanState;
import io.millrace.scan.job.ScanStatus;
import io.millrace.scan.schedule.SourceStatus;
import io.millrace.telemetry.DisplayFormat;
import io.millrace.units.Timestamps;
import io.millrace.worker.WorkerStatus;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Formats the status of the service as one line: problems first, then current work, then what is due next. */
final class StatusLine {
    private static final double WHOLE = 100;

    /** The limit for each of pools, workers, sources and scans. */
    private static final int MAX_NAMED = 3;

    /**
     * A character takes at most four bytes in UTF-8, and systemd ignores messages of more than 4,096 bytes, even one
     * with READY.
     */
    private static final int MAX_LETTERS = 1_000;

    private StatusLine() {}

    /** @param troubles the problems of the service itself */
    static String of(
            List<String> troubles,
            List<PoolStatus> pools,
            List<WorkerStatus> workers,
            List<ScanStatus> scans,
            List<SourceStatus> sources,
            Instant now,
            ZoneId zone) {
        List<String> clauses = new ArrayList<>(troubles);
        clauses.addAll(
                few(pools.stream().filter(pool -> pool.state().isTrouble()).map(StatusLine::need), "pools"));
        clauses.addAll(few(quarantined(workers), "workers"));
        clauses.addAll(few(failing(sources), "sources"));
        long well = pools.stream().filter(pool -> !pool.state().isTrouble()).count();
        if (well > 0) {
            long files = pools.stream()
                    .filter(pool -> !pool.state().isTrouble())
                    .mapToLong(PoolStatus::ready)
                    .sum();
            clauses.add(well
                    + (well == 1 ? " pool with " : " pools with ")
                    + files
                    + (files == 1 ? " file ready" : " files ready"));
        }
        clauses.addAll(few(scans.stream().filter(scan -> !scan.state().isOver()).map(StatusLine::progress), "scans"));
        if (scans.stream().allMatch(scan -> scan.state().isOver())) {
            clauses.add(next(sources, now, zone));
        }
        return bounded(String.join("; ", clauses));
    }

    /** Returns the first clauses, and the number of further {@code things}. */
    static List<String> few(Stream<String> clauses, String things) {
        List<String> all = new ArrayList<>(clauses.toList());
        int more = all.size() - MAX_NAMED;
        if (more > 0) {
            all.subList(MAX_NAMED, all.size()).clear();
            all.add(more + " more " + things);
        }
        return all;
    }

    static String bounded(String sentence) {
        return sentence.codePointCount(0, sentence.length()) <= MAX_LETTERS
                ? sentence
                : sentence.substring(0, sentence.offsetByCodePoints(0, MAX_LETTERS)) + "…";
    }

    /** Returns as text what the status page shows in red. */
    static Stream<String> failing(List<SourceStatus> sources) {
        return sources.stream()
                .filter(source -> source.lastProblem().isPresent())
                .map(source -> "source " + source.spec().name() + " failed ("
                        + source.lastProblem().get() + ")");
    }

    private static Stream<String> quarantined(List<WorkerStatus> workers) {
        return workers.stream()
                .filter(WorkerStatus::quarantined)
                .map(worker -> "worker " + worker.spec().name() + " is quarantined ("
                        + worker.lastReason().orElse("unknown") + ")");
    }

    private static String need(PoolStatus pool) {
        return "pool " + pool.spec().name() + (pool.state() == PoolState.STARVED ? " is starved (" : " has failed (")
                + pool.reason().orElse("unknown") + ")";
    }

    private static String progress(ScanStatus scan) {
        var text = new StringBuilder(verb(scan.state()))
                .append(' ')
                .append(scan.id())
                .append(": ");
        text.append(DisplayFormat.bytes(scan.bytes()));
        scan.totalBytes().ifPresent(total -> {
            long percent = total == 0 ? 100 : Math.round(Math.min(1, scan.bytes() / (double) total) * WHOLE);
            text.append(" of ")
                    .append(DisplayFormat.bytes(total))
                    .append(" (")
                    .append(percent)
                    .append(" %)");
        });
        if (scan.state() == ScanState.RUNNING) {
            text.append(", ").append(DisplayFormat.rate(scan.bytesPerSecond()));
        }
        if (!scan.stalled().isZero()) {
            text.append(", ").append(DisplayFormat.stalled(scan.stalled().toSeconds()));
        }
        return text.toString();
    }

    private static String verb(ScanState state) {
        return switch (state) {
            case YIELDING -> "making way in scan";
            case CANCELLING -> "ending scan";
            case PAUSED -> "paused scan";
            default -> "scanning";
        };
    }

    private static String next(List<SourceStatus> sources, Instant now, ZoneId zone) {
        Optional<SourceStatus> next = sources.stream()
                .filter(source -> source.next().isPresent())
                .min(Comparator.comparing(source -> source.next().orElse(Instant.MAX)));
        return next.map(source -> "next scan: " + source.spec().name() + ", "
                        + when(source.next().orElse(Instant.MAX), now, zone))
                .orElse("no scan is planned");
    }

    private static String when(Instant due, Instant now, ZoneId zone) {
        return due.isAfter(now) ? Timestamps.format(due, zone) : "about to begin";
    }
}
