// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.prealloc.PoolStatus;
import io.millrace.scan.SourceStatus;
import io.millrace.telemetry.Page.Cell;
import io.millrace.telemetry.Page.Tile;
import io.millrace.telemetry.Page.Tone;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The first row of the page. */
final class Tiles {
    private static final double HOUR_SECONDS = 3600;

    private Tiles() {}

    static List<Tile> of(Pulse.Beat now) {
        return List.of(
                reading(now),
                new Tile(
                        "Page cache given back",
                        Cell.of(Words.bytes(now.done().effect().releasedBytes()))
                                .note(Words.bytes(now.done().effect().leftBytes()) + " left behind")),
                pools(now.snapshot().pools()),
                age(now.snapshot()));
    }

    private static Tile reading(Pulse.Beat now) {
        int active = now.snapshot().activeScans().size();
        String scans = active == 0 ? "no scan" : Words.count(active, "scan");
        String device = Words.rate(now.history().deviceBytesPerSecond()) + " from the device; ";
        String total = Words.bytes(now.done().readBytes()) + " since the start";
        return new Tile(
                "Reading", Cell.of(Words.rate(now.history().last())).note(device + scans + " running, " + total));
    }

    private static Tile pools(List<PoolStatus> pools) {
        if (pools.isEmpty()) {
            return new Tile("Files ready", Cell.of(Words.NOTHING).note("no pools"));
        }
        long ready = pools.stream()
                .mapToLong(pool -> Math.min(pool.ready(), pool.spec().ready()))
                .sum();
        long target = pools.stream().mapToLong(pool -> pool.spec().ready()).sum();
        double claims = pools.stream().mapToDouble(PoolStatus::claimsPerSecond).sum();
        return new Tile(
                "Files ready",
                Cell.of(Words.count(ready) + " of " + Words.count(target))
                        .note(claimRate(claims) + " in " + Words.count(pools.size(), "pool"))
                        .tone(pools.stream().anyMatch(pool -> pool.state().isTrouble()) ? Tone.BAD : Tone.PLAIN));
    }

    static String claimRate(double perSecond) {
        if (perSecond <= 0) {
            return "no claims lately";
        }
        double perHour = perSecond * HOUR_SECONDS;
        if (perSecond < 1) {
            return String.format(Locale.ROOT, perHour < 10 ? "%.1f claims/h" : "%,.0f claims/h", perHour);
        }
        return String.format(Locale.ROOT, perSecond < 10 ? "%.1f claims/s" : "%,.0f claims/s", perSecond);
    }

    private static Tile age(Snapshot snapshot) {
        String label = "Oldest good run";
        return snapshot.sources().stream()
                .min(Comparator.comparing(source -> source.lastGood().orElse(Instant.MIN)))
                .map(source -> new Tile(label, age(source, snapshot.at())))
                .orElseGet(() -> new Tile(label, Cell.of(Words.NOTHING).note("no sources")));
    }

    private static Cell age(SourceStatus source, Instant now) {
        return Cell.age(source.lastGood(), now, source.lastStarted().isPresent() ? "none" : "none yet")
                .note("source " + source.spec().name())
                .tone(source.lastProblem().isPresent() ? Tone.BAD : Tone.PLAIN);
    }
}
