// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http.page;

import io.millrace.prealloc.pool.PoolStatus;
import io.millrace.scan.schedule.SourceStatus;
import io.millrace.telemetry.DisplayFormat;
import io.millrace.telemetry.ServiceSnapshot;
import io.millrace.telemetry.SnapshotTicker;
import io.millrace.telemetry.http.page.StatusPage.Cell;
import io.millrace.telemetry.http.page.StatusPage.Tile;
import io.millrace.telemetry.http.page.StatusPage.Tone;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The summary row at the top of the page. */
final class SummaryTiles {
    private static final double HOUR_SECONDS = 3600;

    private SummaryTiles() {}

    static List<Tile> of(SnapshotTicker.Beat now) {
        return List.of(
                reading(now),
                new Tile(
                        "Page cache given back",
                        Cell.of(DisplayFormat.bytes(now.done().effect().releasedBytes()))
                                .note(DisplayFormat.bytes(now.done().effect().leftBytes()) + " left behind")),
                pools(now.snapshot().pools()),
                age(now.snapshot()));
    }

    private static Tile reading(SnapshotTicker.Beat now) {
        int active = now.snapshot().activeScans().size();
        String scans = active == 0 ? "no scan" : DisplayFormat.count(active, "scan");
        String device = DisplayFormat.rate(now.history().deviceBytesPerSecond()) + " from the device; ";
        String total = DisplayFormat.bytes(now.done().readBytes()) + " since the start";
        return new Tile(
                "Reading",
                Cell.of(DisplayFormat.rate(now.history().last())).note(device + scans + " running, " + total));
    }

    private static Tile pools(List<PoolStatus> pools) {
        if (pools.isEmpty()) {
            return new Tile("Files ready", Cell.of(DisplayFormat.NOTHING).note("no pools"));
        }
        long ready = pools.stream()
                .mapToLong(pool -> Math.min(pool.ready(), pool.spec().ready()))
                .sum();
        long target = pools.stream().mapToLong(pool -> pool.spec().ready()).sum();
        double claims = pools.stream().mapToDouble(PoolStatus::claimsPerSecond).sum();
        return new Tile(
                "Files ready",
                Cell.of(DisplayFormat.count(ready) + " of " + DisplayFormat.count(target))
                        .note(claimRate(claims) + " in " + DisplayFormat.count(pools.size(), "pool"))
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

    private static Tile age(ServiceSnapshot snapshot) {
        String label = "Oldest good run";
        return snapshot.sources().stream()
                .min(Comparator.comparing(source -> source.lastGood().orElse(Instant.MIN)))
                .map(source -> new Tile(label, age(source, snapshot.at())))
                .orElseGet(() -> new Tile(label, Cell.of(DisplayFormat.NOTHING).note("no sources")));
    }

    private static Cell age(SourceStatus source, Instant now) {
        return Cell.age(source.lastGood(), now, source.lastStarted().isPresent() ? "none" : "none yet")
                .note("source " + source.spec().name())
                .tone(source.lastProblem().isPresent() ? Tone.BAD : Tone.PLAIN);
    }
}
