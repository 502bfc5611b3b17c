// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http.page;

import io.millrace.prealloc.pool.PoolState;
import io.millrace.telemetry.DisplayFormat;
import io.millrace.telemetry.HealthProblem;
import io.millrace.telemetry.ServiceSnapshot;
import io.millrace.telemetry.SnapshotTicker;
import io.millrace.telemetry.http.page.StatusPage.Notice;
import io.millrace.telemetry.http.page.StatusPage.Tone;
import java.util.ArrayList;
import java.util.List;

/** Builds the status page from one snapshot. */
final class StatusPageBuilder {
    /** More notices would push the tables off the screen; one more line gives the number of the others. */
    private static final int MAX_NOTICES = 3;

    private StatusPageBuilder() {}

    static StatusPage build(SnapshotTicker.Beat now) {
        ServiceSnapshot snapshot = now.snapshot();
        List<HealthProblem> problems = HealthProblem.of(snapshot);
        List<String> notReady = snapshot.notReady();
        Tone tone = !problems.isEmpty() ? Tone.BAD : notReady.isEmpty() ? Tone.GOOD : Tone.WARN;
        String headline = problems.isEmpty()
                ? notReady.isEmpty() ? "No problems" : "No problems; not ready yet"
                : DisplayFormat.count(problems.size(), "problem");
        return new StatusPage(
                headline,
                tone,
                problems.isEmpty() ? waiting(snapshot) : notices(problems),
                SummaryTiles.of(now),
                List.of(
                        ScanRows.running(snapshot),
                        SourceRows.table(snapshot),
                        CatalogRows.coverage(snapshot),
                        CatalogRows.alarms(snapshot),
                        PoolRows.table(snapshot),
                        WorkerRows.table(snapshot),
                        ScanRows.ended(snapshot)));
    }

    private static List<Notice> notices(List<HealthProblem> problems) {
        return few(problems.stream()
                .map(problem -> new Notice(problem.text(), row(problem)))
                .toList());
    }

    /** The id of a table is that of the kind of its rows in the plural. */
    private static String row(HealthProblem problem) {
        return problem.name() == null ? "" : StatusPage.rowId(problem.kind() + "s", problem.name());
    }

    /** If nothing is wrong, returns what the service waits for. */
    private static List<Notice> waiting(ServiceSnapshot snapshot) {
        List<Notice> pools = snapshot.pools().stream()
                .filter(pool -> pool.state() == PoolState.FILLING)
                .map(pool -> new Notice(
                        "pool " + pool.spec().name() + " is filling: " + DisplayFormat.count(pool.ready()) + " of "
                                + DisplayFormat.count(pool.spec().ready()) + " files",
                        StatusPage.rowId("pools", pool.spec().name())))
                .toList();
        return few(pools);
    }

    private static List<Notice> few(List<Notice> all) {
        if (all.size() <= MAX_NOTICES) {
            return all;
        }
        List<Notice> first = new ArrayList<>(all.subList(0, MAX_NOTICES));
        first.add(new Notice(
                "and " + DisplayFormat.count(all.size() - MAX_NOTICES) + " more",
                all.get(MAX_NOTICES).row()));
        return first;
    }
}
