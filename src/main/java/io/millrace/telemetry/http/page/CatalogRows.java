// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http.page;

import io.millrace.catalog.coverage.CoveragePlan;
import io.millrace.scan.catalog.Alarm;
import io.millrace.scan.catalog.CoverageStatus;
import io.millrace.telemetry.DisplayFormat;
import io.millrace.telemetry.ServiceSnapshot;
import io.millrace.telemetry.http.page.StatusPage.Cell;
import io.millrace.telemetry.http.page.StatusPage.Row;
import io.millrace.telemetry.http.page.StatusPage.Table;
import io.millrace.telemetry.http.page.StatusPage.Tone;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The tables of what was verified on the device, and of files that are not what was recorded. */
final class CatalogRows {
    /** The results and ctl have all. */
    private static final int MAX_ALARMS = 20;

    private CatalogRows() {}

    static Table coverage(ServiceSnapshot snapshot) {
        var rows = snapshot.catalog().coverage().stream()
                .map(source -> row(source, snapshot.at()))
                .toList();
        var columns = List.of("Verified source", "Promise", "Verified on the device", "Oldest");
        return new Table("coverage", "Verified on the device", columns, rows, "No source has verify-within.");
    }

    private static Row row(CoverageStatus source, Instant now) {
        CoveragePlan plan = source.plan();
        Optional<Instant> oldest = source.oldestSeconds().isPresent()
                ? Optional.of(Instant.ofEpochSecond(source.oldestSeconds().getAsLong()))
                : Optional.empty();
        Cell promise = source.isPromiseKept()
                ? Cell.of("kept").tone(Tone.GOOD)
                : Cell.of(plan.isKept() ? "at risk" : "broken").note(plan.why()).tone(Tone.BAD);
        return new Row(List.of(
                Cell.of(source.source()).note("between " + source.spec().window()),
                promise,
                Cell.of(DisplayFormat.coverage(source)),
                Cell.age(oldest, now, "no files yet")));
    }

    static Table alarms(ServiceSnapshot snapshot) {
        var rows = snapshot.catalog().alarms().stream()
                .limit(MAX_ALARMS)
                .map(CatalogRows::row)
                .toList();
        var columns = List.of("File", "Finding", "What to do");
        return new Table("corrupt", "Corrupt files", columns, rows, "No file is known to be corrupt.");
    }

    private static Row row(Alarm alarm) {
        return new Row(List.of(
                Cell.of(alarm.path().display()),
                Cell.of(alarm.verdict().label())
                        .note(alarm.isAcknowledged() ? "acknowledged" : "")
                        .tone(alarm.isAcknowledged() ? Tone.WARN : Tone.BAD),
                Cell.of(alarm.advice())));
    }
}
