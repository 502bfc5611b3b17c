// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http.page;

import io.millrace.scan.job.ScanState;
import io.millrace.scan.job.ScanStatus;
import io.millrace.scan.throttle.RateLimiter;
import io.millrace.telemetry.DisplayFormat;
import io.millrace.telemetry.ServiceSnapshot;
import io.millrace.telemetry.http.page.StatusPage.Cell;
import io.millrace.telemetry.http.page.StatusPage.Row;
import io.millrace.telemetry.http.page.StatusPage.Table;
import io.millrace.telemetry.http.page.StatusPage.Tone;
import io.millrace.units.EnumLabels;
import io.millrace.units.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The tables of running scans, with all changing values, and of the last ended scans that belong to no source. */
final class ScanRows {
    /** Up to a hundred ended scans are kept; {@code millrace ctl} shows the others. */
    private static final int MAX_ENDED = 8;

    private static final double MILLIS = 1e3;

    private ScanRows() {}

    static Table running(ServiceSnapshot snapshot) {
        var rows = snapshot.activeScans().stream().map(ScanRows::row).toList();
        var columns = List.of("Scan", "State", "Progress", "Read", "Rate", "Files", "Reading");
        return new Table("scans", "Running scans", columns, rows, "No scan is running.");
    }

    /** Excludes scans of sources, because the row of a source shows its last run. */
    static Table ended(ServiceSnapshot snapshot) {
        var configured =
                snapshot.sources().stream().map(source -> source.spec().name()).collect(Collectors.toSet());
        var rows = snapshot.scans().stream()
                .filter(scan -> scan.state().isOver())
                .filter(scan -> scan.source().filter(configured::contains).isEmpty())
                .limit(MAX_ENDED)
                .map(scan -> endedRow(scan, snapshot.at()))
                .toList();
        var columns = List.of("Scan", "State", "Ended", "What it did");
        return new Table("ended", "Ended scans", columns, rows, "None but those of the sources above.");
    }

    private static Row endedRow(ScanStatus scan, Instant now) {
        return new Row(List.of(
                Cell.of(scan.id()), state(scan), Cell.age(scan.ended(), now, DisplayFormat.NOTHING), whole(scan)));
    }

    /** Shows how long an ended scan took, and how much it read. */
    private static Cell whole(ScanStatus scan) {
        Cell marred = files(scan);
        return Cell.of(summary(scan)).note(marred.note());
    }

    private static String summary(ScanStatus scan) {
        Duration took = Duration.between(scan.started(), scan.ended().orElse(scan.started()));
        String rate = scan.bytesPerSecond() > 0 ? " at " + DisplayFormat.rate(scan.bytesPerSecond()) : "";
        return figures(scan.files(), scan.bytes(), took) + rate;
    }

    /** Returns {@code 804 files, 371 MiB in 13 s}. */
    static String figures(long files, long bytes, Duration took) {
        return DisplayFormat.count(files, "file") + ", " + DisplayFormat.bytes(bytes) + " in "
                + DisplayFormat.span(took.toMillis() / MILLIS);
    }

    private static Row row(ScanStatus scan) {
        return new Row(List.of(
                Cell.of(scan.id()).note("started " + Timestamps.format(scan.started())),
                state(scan),
                progress(scan),
                read(scan),
                rate(scan),
                files(scan),
                reading(scan)));
    }

    private static Cell state(ScanStatus scan) {
        boolean marred = scan.failed() + scan.changed() + scan.workersFailed() > 0;
        Tone tone = switch (scan.state()) {
            case RUNNING -> Tone.BUSY;
            case YIELDING, PAUSED, CANCELLING, CANCELLED -> Tone.WARN;
            case FAILED -> Tone.BAD;
            case FINISHED -> marred ? Tone.WARN : Tone.GOOD;
        };
        String yielded = scan.yielded().isZero()
                ? ""
                : "yielded for " + DisplayFormat.span(scan.yielded().toMillis() / 1e3);
        return Cell.of(EnumLabels.of(scan.state()))
                .note(scan.error()
                        .orElse(
                                scan.stalled().isZero()
                                        ? yielded
                                        : DisplayFormat.stalled(scan.stalled().toSeconds())))
                .tone(scan.stalled().isZero() ? tone : Tone.BAD);
    }

    private static Cell progress(ScanStatus scan) {
        if (scan.totalBytes().isEmpty()) {
            return Cell.of(DisplayFormat.NOTHING).note("still counting");
        }
        long total = scan.totalBytes().getAsLong();
        double fraction = total == 0 ? 0 : Math.min(1, (double) scan.bytes() / total);
        // Rounds down, because 100 % means finished.
        return Cell.of(String.format(Locale.ROOT, "%d %%", (int) (fraction * 100)))
                .note(timeLeft(scan, total))
                .fraction(fraction);
    }

    private static String timeLeft(ScanStatus scan, long total) {
        double rate = scan.read().passedBytesPerSecond();
        if (scan.state() != ScanState.RUNNING || rate < 1) {
            return "";
        }
        return DisplayFormat.span(Math.max(0, total - scan.bytes()) / rate) + " left";
    }

    private static Cell read(ScanStatus scan) {
        return Cell.of(DisplayFormat.bytes(scan.bytes()))
                .note(
                        scan.totalBytes().isPresent()
                                ? "of " + DisplayFormat.bytes(scan.totalBytes().getAsLong())
                                : "");
    }

    private static Cell rate(ScanStatus scan) {
        boolean limited = scan.rateBytesPerSecond() != RateLimiter.UNLIMITED;
        String device = DisplayFormat.rate(scan.read().deviceBytesPerSecond()) + " from the device";
        return Cell.of(DisplayFormat.rate(scan.bytesPerSecond()))
                .note(limited ? device + ", limit " + DisplayFormat.rate(scan.rateBytesPerSecond()) : device);
    }

    private static Cell files(ScanStatus scan) {
        var notes = new ArrayList<String>();
        note(notes, scan.failed(), "failed");
        note(notes, scan.changed(), "changed");
        note(notes, scan.workersFailed(), "failed by a worker");
        return Cell.of(DisplayFormat.count(scan.files()))
                .note(String.join(", ", notes))
                .tone(notes.isEmpty() ? Tone.PLAIN : Tone.BAD);
    }

    private static void note(List<String> notes, long count, String what) {
        if (count > 0) {
            notes.add(DisplayFormat.count(count) + " " + what);
        }
    }

    private static Cell reading(ScanStatus scan) {
        if (scan.reading().isEmpty()) {
            return Cell.of(DisplayFormat.NOTHING);
        }
        List<String> paths = scan.reading();
        int more = paths.size() - 2;
        return switch (more) {
            case -1 -> Cell.of(paths.get(0));
            case 0 -> Cell.of(paths.get(0)).note(paths.get(1));
            default -> Cell.of(paths.get(0)).note(paths.get(1) + ", and " + more + " more");
        };
    }
}
