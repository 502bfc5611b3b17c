// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.scan.RateLimiter;
import io.millrace.scan.ScanState;
import io.millrace.scan.ScanStatus;
import io.millrace.telemetry.Page.Cell;
import io.millrace.telemetry.Page.Row;
import io.millrace.telemetry.Page.Table;
import io.millrace.telemetry.Page.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Scans under way, and the last few that are over. */
final class ScanRows {
    /** The rest of the hundred that are kept is for {@code ctl}. */
    private static final int MOST_OVER = 8;

    private ScanRows() {}

    static Table table(Snapshot snapshot) {
        var over =
                snapshot.scans().stream().filter(scan -> scan.state().isOver()).limit(MOST_OVER);
        var rows = Stream.concat(snapshot.activeScans().stream(), over)
                .map(scan -> row(scan, snapshot))
                .toList();
        var columns = List.of("Scan", "State", "Progress", "Read", "Rate", "Files", "Reading");
        return new Table("scans", "Scans", columns, rows, "No scan yet.");
    }

    private static Row row(ScanStatus scan, Snapshot snapshot) {
        String begun = Words.ago(Optional.of(scan.started()), snapshot.at(), "");
        return new Row(List.of(
                Cell.of(scan.id()).note("begun " + begun),
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
                : "made way for " + Words.span(scan.yielded().toMillis() / 1e3);
        return Cell.of(Words.state(scan.state()))
                .note(scan.error().orElse(scan.stalled().isZero() ? yielded : stalled(scan)))
                .tone(scan.stalled().isZero() ? tone : Tone.BAD);
    }

    private static String stalled(ScanStatus scan) {
        return "no reply from the kernel for " + Words.span(scan.stalled().toMillis() / 1e3);
    }

    private static Cell progress(ScanStatus scan) {
        if (scan.state() == ScanState.FINISHED) {
            return Cell.of("100 %").fraction(1);
        }
        if (scan.totalBytes().isEmpty()) {
            return Cell.of(Words.NOTHING).note(scan.state().isOver() ? "" : "still counting");
        }
        long total = scan.totalBytes().getAsLong();
        double fraction = total == 0 ? 0 : Math.min(1, (double) scan.bytes() / total);
        // Rounded down: 100 % is for what is finished.
        return Cell.of(String.format(Locale.ROOT, "%d %%", (int) (fraction * 100)))
                .note(timeLeft(scan, total))
                .fraction(fraction);
    }

    private static String timeLeft(ScanStatus scan, long total) {
        if (scan.state() != ScanState.RUNNING || scan.bytesPerSecond() < 1) {
            return "";
        }
        return Words.span(Math.max(0, total - scan.bytes()) / scan.bytesPerSecond()) + " left";
    }

    private static Cell read(ScanStatus scan) {
        boolean told = scan.totalBytes().isPresent() && !scan.state().isOver();
        return Cell.of(Words.bytes(scan.bytes()))
                .note(told ? "of " + Words.bytes(scan.totalBytes().getAsLong()) : "");
    }

    private static Cell rate(ScanStatus scan) {
        boolean limited = scan.rateBytesPerSecond() != RateLimiter.UNLIMITED
                && !scan.state().isOver();
        return Cell.of(Words.rate(scan.bytesPerSecond()))
                .note(limited ? "limit " + Words.rate(scan.rateBytesPerSecond()) : "");
    }

    private static Cell files(ScanStatus scan) {
        var notes = new ArrayList<String>();
        note(notes, scan.failed(), "failed");
        note(notes, scan.changed(), "changed");
        note(notes, scan.workersFailed(), "with a worker's failure");
        return Cell.of(Words.count(scan.files()))
                .note(String.join(", ", notes))
                .tone(notes.isEmpty() ? Tone.PLAIN : Tone.BAD);
    }

    private static void note(List<String> notes, long count, String what) {
        if (count > 0) {
            notes.add(Words.count(count) + " " + what);
        }
    }

    private static Cell reading(ScanStatus scan) {
        if (scan.state().isOver() || scan.reading().isEmpty()) {
            return Cell.of(Words.NOTHING);
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
