// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.telemetry.Page.Cell;
import io.millrace.telemetry.Page.Row;
import io.millrace.telemetry.Page.Table;
import io.millrace.telemetry.Page.Tone;
import io.millrace.worker.WorkerStatus;
import java.util.List;

/** The configured workers: what runs, and how well. */
final class WorkerRows {
    private WorkerRows() {}

    static Table table(Snapshot snapshot) {
        var rows = snapshot.workers().stream().map(WorkerRows::row).toList();
        var columns = List.of("Worker", "State", "Processes", "Fed", "Restarts");
        return new Table("workers", "Workers", columns, rows, "No worker is configured.");
    }

    private static Row row(WorkerStatus worker) {
        String atMost = "at most " + Words.count(worker.spec().processes());
        return new Row(List.of(
                Cell.of(worker.spec().name()).note(Words.label(worker.spec().mode())),
                state(worker),
                Cell.of(Words.count(worker.processes())).note(atMost),
                Cell.of(Words.bytes(worker.fedBytes())),
                Cell.of(Words.count(worker.restarts())).note(worker.quarantined() ? "" : worker.lastReason().orElse(""))));
    }

    private static Cell state(WorkerStatus worker) {
        if (worker.quarantined()) {
            return Cell.of("quarantined")
                    .note(worker.lastReason().orElse("it keeps failing"))
                    .tone(Tone.BAD);
        }
        return worker.busy() > 0
                ? Cell.of(Words.count(worker.busy()) + " busy").tone(Tone.BUSY)
                : Cell.of("idle");
    }
}
