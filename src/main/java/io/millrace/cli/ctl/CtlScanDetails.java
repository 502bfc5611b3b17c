// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.ctl;

import io.millrace.telemetry.DisplayFormat;
import io.millrace.telemetry.ScanInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The details of one scan for people, one in each line. */
final class CtlScanDetails {
    private static final int LABEL_COLUMNS = 14;

    private CtlScanDetails() {}

    /** @param resultsDirectory of the service */
    static List<String> lines(ScanInfo scan, String resultsDirectory) {
        List<String> lines = new ArrayList<>();
        add(lines, "scan", scan.getId());
        add(lines, "source", scan.getSource());
        add(lines, "state", scan.getState());
        add(lines, "stalled", scan.getStalledSeconds() == 0 ? null : CtlFormats.stalled(scan));
        add(lines, "error", scan.getError());
        add(lines, "started", CtlFormats.time(scan.getStarted()));
        add(lines, "ended", scan.getEnded() == null ? null : CtlFormats.time(scan.getEnded()));
        add(
                lines,
                "files",
                scan.getFiles() + ", " + scan.getFailed() + " failed, " + scan.getChanged() + " changed, "
                        + scan.getWorkersFailed() + " failed by a worker");
        Long total = scan.getTotalBytes();
        add(lines, "read", size(scan.getBytes()) + (total == null ? "" : " of " + size(total)));
        add(
                lines,
                "rate",
                DisplayFormat.rate(scan.getBytesPerSecond()) + ", "
                        + DisplayFormat.rate(scan.getDeviceBytesPerSecond()) + " from the device, limit "
                        + limit(scan));
        add(lines, "yielded", String.format(Locale.ROOT, "%.1f s", scan.getYieldedSeconds()));
        add(
                lines,
                "page cache",
                size(scan.getHotBeforeBytes()) + " hot before, " + size(scan.getHotAfterBytes()) + " of it after, "
                        + size(scan.getReleasedBytes()) + " released, " + size(scan.getLeftBytes()) + " left behind");
        add(lines, "results", results(scan, resultsDirectory));
        for (String path : scan.getReading()) {
            add(lines, "reading", path);
        }
        return lines;
    }

    private static String results(ScanInfo scan, String directory) {
        String file = CtlFormats.results(directory, scan.getSource());
        if (scan.getEnded() == null) {
            return file + ", once it has finished";
        }
        return scan.getState().equals("finished") ? file + ", until another finishes" : "none, as it did not finish";
    }

    private static String limit(ScanInfo scan) {
        return scan.getRateLimitBytesPerSecond() == 0 ? "none" : DisplayFormat.rate(scan.getRateLimitBytesPerSecond());
    }

    private static String size(long bytes) {
        return DisplayFormat.bytes(bytes);
    }

    /** Adds nothing if there is no value. */
    private static void add(List<String> lines, String label, @Nullable String value) {
        if (value != null) {
            lines.add(label + ":" + " ".repeat(LABEL_COLUMNS - label.length()) + value);
        }
    }
}
