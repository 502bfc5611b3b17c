// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http.page;

import io.millrace.telemetry.DisplayFormat;
import io.millrace.telemetry.ServiceSnapshot;
import io.millrace.telemetry.http.page.StatusPage.Cell;
import io.millrace.telemetry.http.page.StatusPage.Row;
import io.millrace.telemetry.http.page.StatusPage.Table;
import io.millrace.telemetry.http.page.StatusPage.Tone;
import io.millrace.units.EnumLabels;
import io.millrace.worker.WorkerStatus;
import java.time.Instant;
import java.util.List;

/** The table of configured workers: running processes, throughput and failures. */
final class WorkerRows {
    private WorkerRows() {}

    static Table table(ServiceSnapshot snapshot) {
        var rows = snapshot.workers().stream()
                .map(worker -> row(worker, snapshot.at()))
                .toList();
        var columns = List.of("Worker", "State", "Processes", "Fed", "Failed files", "Restarts");
        return new Table("workers", "Workers", columns, rows, "No worker is configured.");
    }

    private static Row row(WorkerStatus worker, Instant now) {
        String atMost = "at most " + DisplayFormat.count(worker.spec().processes());
        return new Row(List.of(
                Cell.of(worker.spec().name()).note(EnumLabels.of(worker.spec().mode())),
                state(worker),
                Cell.of(DisplayFormat.count(worker.processes())).note(atMost),
                Cell.of(DisplayFormat.bytes(worker.fedBytes())),
                failed(worker, now),
                Cell.of(DisplayFormat.count(worker.restarts()))));
    }

    /** Shows the failures, and the last one, also after a quarantine has ended. */
    private static Cell failed(WorkerStatus worker, Instant now) {
        String when = worker.lastReasonAt().isPresent() ? ", " + DisplayFormat.ago(worker.lastReasonAt(), now, "") : "";
        return Cell.of(DisplayFormat.count(worker.failedFiles()))
                .note(worker.lastReason().map(reason -> reason + when).orElse(""))
                .tone(worker.failedFiles() > 0 ? Tone.BAD : Tone.PLAIN);
    }

    private static Cell state(WorkerStatus worker) {
        if (worker.quarantined()) {
            return Cell.of("quarantined")
                    .note(worker.lastReason().orElse("it keeps failing"))
                    .tone(Tone.BAD);
        }
        return worker.busy() > 0
                ? Cell.of(DisplayFormat.count(worker.busy()) + " busy").tone(Tone.BUSY)
                : Cell.of("idle");
    }
}
