// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.scan.SourceStatus;
import io.millrace.telemetry.Page.Cell;
import io.millrace.telemetry.Page.Row;
import io.millrace.telemetry.Page.Table;
import io.millrace.telemetry.Page.Tone;
import java.time.Instant;
import java.util.List;

/** The configured sources: when they were last read well, and when they will be again. */
final class SourceRows {
    private SourceRows() {}

    static Table table(Snapshot snapshot) {
        var rows = snapshot.sources().stream()
                .map(source -> row(source, snapshot.at()))
                .toList();
        var columns = List.of("Source", "State", "Last good run", "Last run", "Next run");
        return new Table("sources", "Sources", columns, rows, "No source is configured.");
    }

    private static Row row(SourceStatus source, Instant now) {
        return new Row(List.of(
                Cell.of(source.spec().name()),
                state(source),
                Cell.of(Words.ago(source.lastGood(), now, "never")),
                Cell.of(Words.ago(source.lastStarted(), now, "never")),
                Cell.of(Words.until(source.next(), now))));
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
