// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.telemetry.Page.Cell;
import io.millrace.telemetry.Page.Row;
import io.millrace.telemetry.Page.Table;
import io.millrace.telemetry.Page.Tone;
import io.millrace.worker.WorkerStatus;
import java.time.Instant;
import java.util.List;

/** The configured workers: what runs, and how well. */
final class WorkerRows {
    private WorkerRows() {}

    static Table table(Snapshot snapshot) {
        var rows = snapshot.workers().stream()
                .map(worker -> row(worker, snapshot.at()))
                .toList();
        var columns = List.of("Worker", "State", "Processes", "Fed", "Failed files", "Restarts");
        return new Table("workers", "Workers", columns, rows, "No worker is configured.");
    }

    private static Row row(WorkerStatus worker, Instant now) {
        String atMost = "at most " + Words.count(worker.spec().processes());
        return new Row(List.of(
                Cell.of(worker.spec().name()).note(Words.label(worker.spec().mode())),
                state(worker),
                Cell.of(Words.count(worker.processes())).note(atMost),
                Cell.of(Words.bytes(worker.fedBytes())),
                failed(worker, now),
                Cell.of(Words.count(worker.restarts()))));
    }

    /** Also after the quarantine is over: how much went wrong, and what last. */
    private static Cell failed(WorkerStatus worker, Instant now) {
        String when = worker.lastReasonAt().isPresent() ? ", " + Words.ago(worker.lastReasonAt(), now, "") : "";
        return Cell.of(Words.count(worker.failedFiles()))
                .note(worker.lastReason().map(reason -> reason + when).orElse(""))
                .tone(worker.failedFiles() > 0 ? Tone.BAD : Tone.PLAIN);
    }

    private static Cell state(WorkerStatus worker) {
        if (worker.quarantined()) {
            return Cell.of("quarantined")
                    .note(worker.lastReason().orElse("it keeps failing"))
                    .tone(Tone.BAD);
        }
        return worker.busy() > 0 ? Cell.of(Words.count(worker.busy()) + " busy").tone(Tone.BUSY) : Cell.of("idle");
    }
}
