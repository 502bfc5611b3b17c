// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http.page;

import io.millrace.posix.libc.BytePath;
import io.millrace.scan.ResultJson;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.job.LastRun;
import io.millrace.scan.schedule.SourceStatus;
import io.millrace.telemetry.DisplayFormat;
import io.millrace.telemetry.ServiceSnapshot;
import io.millrace.telemetry.StatusJson;
import io.millrace.telemetry.http.page.StatusPage.Cell;
import io.millrace.telemetry.http.page.StatusPage.Row;
import io.millrace.telemetry.http.page.StatusPage.Table;
import io.millrace.telemetry.http.page.StatusPage.Tone;
import io.millrace.units.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table of configured sources: the current activity, how the last run ended, and when the next one is due. */
final class SourceRows {
    /** More paths would make the row the longest of the page. */
    private static final int MAX_PATHS = 3;

    private SourceRows() {}

    static Table table(ServiceSnapshot snapshot) {
        var rows =
                snapshot.sources().stream().map(source -> row(source, snapshot)).toList();
        var columns = List.of("Source", "State", "Last run", "Last good run", "Next run", "Paths");
        return new Table("sources", "Sources", columns, rows, "No source is configured.");
    }

    private static Row row(SourceStatus source, ServiceSnapshot snapshot) {
        Instant now = snapshot.at();
        return new Row(List.of(
                Cell.of(source.spec().name())
                        .note(DisplayFormat.schedule(
                                StatusJson.schedule(source.spec().schedule()))),
                state(source),
                lastRun(source, snapshot),
                Cell.age(source.lastGood(), now, "none yet"),
                Cell.of(source.next().isEmpty() ? "on request" : DisplayFormat.until(source.next(), now))
                        .note(source.next().map(Timestamps::format).orElse("")),
                paths(source, snapshot.service())));
    }

    /** The last run that has ended. */
    private static Cell lastRun(SourceStatus source, ServiceSnapshot snapshot) {
        Optional<LastRun> last = source.lastRun();
        Cell ended = Cell.age(last.map(LastRun::ended), snapshot.at(), "none yet");
        return last.map(run -> ended.note(figures(run))).orElse(ended);
    }

    private static String figures(LastRun run) {
        String cache = run.hotBeforeBytes() == 0
                ? ""
                : "; cached " + DisplayFormat.bytes(run.hotBeforeBytes()) + " before, "
                        + DisplayFormat.bytes(run.hotAfterBytes()) + " of it after";
        return ScanRows.figures(run.files(), run.bytes(), run.duration()) + cache;
    }

    private static Cell paths(SourceStatus source, ServiceSnapshot.Service service) {
        var what = source.spec().what();
        List<String> paths = what.paths().stream().map(BytePath::display).toList();
        int more = paths.size() - MAX_PATHS;
        String first = String.join(", ", paths.subList(0, Math.min(MAX_PATHS, paths.size())));
        List<String> done = new ArrayList<>(
                what.options().digests().stream().map(DigestAlgorithm::label).toList());
        what.workers().forEach(worker -> done.add("worker " + worker));
        String result = service.resultsDirectory() + "/" + ResultJson.fileName(what.source());
        return Cell.of(more > 0 ? first + ", and " + more + " more" : first)
                .note((done.isEmpty() ? "read only" : String.join(", ", done)) + " → " + result);
    }

    private static Cell state(SourceStatus source) {
        String problem = source.lastProblem().orElse("");
        if (source.activeScan().isPresent()) {
            String note = problem.isEmpty() ? source.activeScan().get() : "before: " + problem;
            return Cell.of("scanning").note(note).tone(problem.isEmpty() ? Tone.BUSY : Tone.WARN);
        }
        if (!problem.isEmpty()) {
            return Cell.of("failing").note(problem).tone(Tone.BAD);
        }
        return source.lastGood().isPresent()
                ? Cell.of("good").tone(Tone.GOOD)
                : Cell.of("waiting").tone(Tone.PLAIN);
    }
}
