// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.ctl;

import io.millrace.cli.output.Table;
import io.millrace.scan.ResultJson;
import io.millrace.telemetry.DisplayFormat;
import io.millrace.telemetry.PoolInfo;
import io.millrace.telemetry.ScanInfo;
import io.millrace.telemetry.SourceInfo;
import io.millrace.telemetry.SourceInfo.LastRunInfo;
import io.millrace.telemetry.WorkerInfo;
import io.millrace.units.Timestamps;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Defines how {@code ctl} shows scans, pools, sources and workers to people. */
public final class CtlFormats {
    static final CtlListing.Form<ScanInfo> SCANS = new CtlListing.Form<>(
            "scan",
            List.of("SCAN", "STATE", "DONE", "READ", "RATE", "LIMIT", "FILES", "FAILED", "WORKER", "READING"),
            new Table.Layout(List.of("LIMIT", "READING", "READ", "WORKER", "FILES", "DONE"), "", "READING"),
            scan -> List.of(
                    scan.getId(),
                    scan.getState(),
                    part(scan),
                    DisplayFormat.bytes(scan.getBytes()),
                    DisplayFormat.rate(scan.getBytesPerSecond()),
                    scan.getRateLimitBytesPerSecond() == 0
                            ? Table.NOTHING
                            : DisplayFormat.rate(scan.getRateLimitBytesPerSecond()),
                    String.valueOf(scan.getFiles()),
                    String.valueOf(scan.getFailed()),
                    String.valueOf(scan.getWorkersFailed()),
                    reading(scan)));

    static final CtlListing.Form<PoolInfo> POOLS = new CtlListing.Form<>(
            "pool",
            List.of("POOL", "STATE", "READY", "KEPT", "SIZE", "CLAIMS", "FREE", "SPACE LASTS", "DIRECTORY", "REASON"),
            new Table.Layout(List.of("SPACE LASTS", "FREE", "CLAIMS", "SIZE", "DIRECTORY"), "REASON", "DIRECTORY"),
            pool -> List.of(
                    pool.getName(),
                    pool.getState(),
                    String.valueOf(pool.getReadyFiles()),
                    String.valueOf(pool.getTargetFiles()),
                    DisplayFormat.bytes(pool.getFileBytes()),
                    String.valueOf(pool.getClaims()),
                    size(pool.getFreeBytes()),
                    span(pool.getSpaceSeconds()),
                    pool.getDirectory(),
                    remark(pool)));

    public static final CtlListing.Form<SourceInfo> SOURCES = new CtlListing.Form<>(
            "source",
            List.of("SOURCE", "SCHEDULE", "SCAN", "LAST GOOD", "TOOK", "FILES", "READ", "NEXT", "PROBLEM"),
            new Table.Layout(List.of("SCAN", "READ", "FILES", "TOOK", "NEXT", "SCHEDULE"), "PROBLEM", ""),
            source -> List.of(
                    source.getName(),
                    DisplayFormat.schedule(source.getSchedule()),
                    orDash(source.getActiveScan()),
                    time(source.getLastGood()),
                    lastRun(source, run -> DisplayFormat.span(run.getDurationSeconds())),
                    lastRun(source, run -> String.valueOf(run.getFiles())),
                    lastRun(source, run -> DisplayFormat.bytes(run.getBytes())),
                    time(source.getNext()),
                    orDash(source.getLastProblem())));

    static final CtlListing.Form<WorkerInfo> WORKERS = new CtlListing.Form<>(
            "worker",
            List.of("WORKER", "MODE", "RUN", "BUSY", "FED", "FAILED", "RESTARTS", "LAST REASON"),
            new Table.Layout(List.of("FED", "RESTARTS", "BUSY", "RUN"), "LAST REASON", ""),
            worker -> List.of(
                    worker.getName(),
                    worker.getMode() + (worker.isQuarantined() ? ", quarantined" : ""),
                    String.valueOf(worker.getProcesses()),
                    String.valueOf(worker.getBusy()),
                    DisplayFormat.bytes(worker.getFedBytes()),
                    String.valueOf(worker.getFailedFiles()),
                    String.valueOf(worker.getRestarts()),
                    orDash(worker.getLastReason())));

    private CtlFormats() {}

    private static String orDash(@Nullable String text) {
        return text == null ? Table.NOTHING : text;
    }

    private static String remark(PoolInfo pool) {
        int surplus = pool.getReadyFiles() - pool.getTargetFiles();
        return pool.getReason() == null && surplus > 0
                ? surplus + " more than are kept; claims take them, and they are not replaced"
                : orDash(pool.getReason());
    }

    /** Returns the path of the results of a scan after it has finished. */
    static String results(String directory, @Nullable String source) {
        return directory + "/" + ResultJson.fileName(Optional.ofNullable(source));
    }

    static String time(@Nullable String utc) {
        return utc == null ? Table.NOTHING : Timestamps.format(Instant.parse(utc));
    }

    private static String span(@Nullable Long seconds) {
        return seconds == null ? Table.NOTHING : DisplayFormat.span(seconds);
    }

    private static String size(@Nullable Long bytes) {
        return bytes == null ? Table.NOTHING : DisplayFormat.bytes(bytes);
    }

    /** Formats a value of the last run of a source. */
    private static String lastRun(SourceInfo source, Function<LastRunInfo, String> form) {
        LastRunInfo run = source.getLastRun();
        return run == null ? Table.NOTHING : form.apply(run);
    }

    private static String reading(ScanInfo scan) {
        String first = scan.getReading().length == 0 ? orDash(scan.getError()) : scan.getReading()[0];
        return scan.getStalledSeconds() == 0 ? first : "(" + stalled(scan) + ") " + first;
    }

    static String stalled(ScanInfo scan) {
        return DisplayFormat.stalled(scan.getStalledSeconds());
    }

    private static String part(ScanInfo scan) {
        Long total = scan.getTotalBytes();
        return total == null || total == 0
                ? Table.NOTHING
                : Math.min(100, (long) (scan.getBytes() * 100.0 / total)) + " %";
    }
}
