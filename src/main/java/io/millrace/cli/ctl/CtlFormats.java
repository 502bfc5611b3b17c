// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.ctl;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.cli.output.Table;
import io.millrace.cli.output.TimeFormat;
import io.millrace.scan.ResultJson;
import io.millrace.telemetry.PoolInfo;
import io.millrace.telemetry.ScanInfo;
import io.millrace.telemetry.SourceInfo;
import io.millrace.telemetry.WorkerInfo;
import io.millrace.units.ByteSize;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Defines how {@code ctl} shows scans, pools, sources and workers. */
public final class CtlFormats {
    private static final double MINUTE = 60;
    private static final double HOUR = 60 * MINUTE;
    private static final double DAY = 24 * HOUR;
    private static final double MAX_DAYS = 9_999;

    static final CtlListing.Form<ScanInfo> SCANS = new CtlListing.Form<>(
            "scan",
            List.of("SCAN", "STATE", "DONE", "READ", "RATE", "LIMIT", "FILES", "FAILED", "WORKER", "READING"),
            new Table.Layout(List.of("LIMIT", "READING", "READ", "WORKER", "FILES", "DONE"), "", "READING"),
            scan -> List.of(
                    scan.getId(),
                    lower(scan.getState()),
                    part(scan),
                    ByteSize.format(scan.getBytes()),
                    rate(Math.round(scan.getBytesPerSecond())),
                    scan.getRateBytesPerSecond() == 0 ? Table.NOTHING : rate(scan.getRateBytesPerSecond()),
                    String.valueOf(scan.getFiles()),
                    String.valueOf(scan.getFailed()),
                    String.valueOf(scan.getWorkersFailed()),
                    reading(scan)),
            CtlFormats::scan);

    static final CtlListing.Form<PoolInfo> POOLS = new CtlListing.Form<>(
            "pool",
            List.of("POOL", "STATE", "READY", "KEPT", "SIZE", "CLAIMS", "FREE", "SPACE LASTS", "DIRECTORY", "REASON"),
            new Table.Layout(List.of("SPACE LASTS", "FREE", "CLAIMS", "SIZE", "DIRECTORY"), "REASON", "DIRECTORY"),
            pool -> List.of(
                    pool.getName(),
                    lower(pool.getState()),
                    String.valueOf(pool.getReadyFiles()),
                    String.valueOf(pool.getTargetFiles()),
                    ByteSize.format(pool.getFileBytes()),
                    String.valueOf(pool.getClaims()),
                    size(pool.getFreeBytes()),
                    lasting(pool.getSecondsOfSpace()),
                    pool.getDirectory(),
                    remark(pool)),
            CtlFormats::pool);

    public static final CtlListing.Form<SourceInfo> SOURCES = new CtlListing.Form<>(
            "source",
            List.of("SOURCE", "SCHEDULE", "SCAN", "LAST GOOD", "TOOK", "FILES", "READ", "NEXT", "PROBLEM"),
            new Table.Layout(List.of("SCAN", "READ", "FILES", "TOOK", "NEXT", "SCHEDULE"), "PROBLEM", ""),
            source -> List.of(
                    source.getName(),
                    source.getSchedule().equals("never") ? "on request" : source.getSchedule(),
                    orDash(source.getActiveScan()),
                    time(source.getLastGood()),
                    lasting(source.getLastDurationSeconds()),
                    count(source.getLastFiles()),
                    size(source.getLastBytes()),
                    time(source.getNext()),
                    orDash(source.getLastProblem())),
            CtlFormats::source);

    static final CtlListing.Form<WorkerInfo> WORKERS = new CtlListing.Form<>(
            "worker",
            List.of("WORKER", "MODE", "RUN", "BUSY", "FED", "FAILED", "RESTARTS", "LAST REASON"),
            new Table.Layout(List.of("FED", "RESTARTS", "BUSY", "RUN"), "LAST REASON", ""),
            worker -> List.of(
                    worker.getName(),
                    lower(worker.getMode()) + (worker.isQuarantined() ? ", quarantined" : ""),
                    String.valueOf(worker.getProcesses()),
                    String.valueOf(worker.getBusy()),
                    ByteSize.format(worker.getFedBytes()),
                    String.valueOf(worker.getFailedFiles()),
                    String.valueOf(worker.getRestarts()),
                    orDash(worker.getLastReason())),
            CtlFormats::worker);

    private CtlFormats() {}

    static String lower(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }

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

    private static String time(@Nullable String told) {
        return told == null ? Table.NOTHING : TimeFormat.forPeople(told);
    }

    /** Formats a duration with the precision that matters; a negative value means unknown. */
    public static String lasting(double seconds) {
        if (seconds < 0) {
            return Table.NOTHING;
        }
        if (seconds < 2 * MINUTE) {
            return (long) seconds + " s";
        }
        if (seconds < 2 * HOUR) {
            return (long) (seconds / MINUTE) + " min";
        }
        return seconds < 2 * DAY ? (long) (seconds / HOUR) + " h" : (long) (Math.min(MAX_DAYS, seconds / DAY)) + " d";
    }

    /** A negative value means unknown. */
    private static String size(long bytes) {
        return bytes < 0 ? Table.NOTHING : ByteSize.format(bytes);
    }

    /** A negative value means unknown. */
    private static String count(long count) {
        return count < 0 ? Table.NOTHING : String.valueOf(count);
    }

    private static String rate(long bytesPerSecond) {
        return ByteSize.format(bytesPerSecond) + "/s";
    }

    private static String reading(ScanInfo scan) {
        String first = scan.getReading().length == 0 ? orDash(scan.getError()) : scan.getReading()[0];
        return scan.getStalledSeconds() == 0 ? first : "(" + stalled(scan) + ") " + first;
    }

    static String stalled(ScanInfo scan) {
        return "no reply from the kernel for " + Math.round(scan.getStalledSeconds()) + " s";
    }

    private static String part(ScanInfo scan) {
        long total = scan.getTotalBytes();
        return total <= 0 ? Table.NOTHING : Math.min(100, (long) (scan.getBytes() * 100.0 / total)) + " %";
    }

    static void scan(JsonGenerator json, ScanInfo scan) throws IOException {
        json.writeStringField("id", scan.getId());
        json.writeStringField("source", scan.getSource());
        json.writeStringField("state", lower(scan.getState()));
        json.writeStringField("started", TimeFormat.forPrograms(scan.getStarted()));
        json.writeStringField("ended", TimeFormat.forPrograms(scan.getEnded()));
        json.writeNumberField("files", scan.getFiles());
        json.writeNumberField("failed", scan.getFailed());
        json.writeNumberField("changed", scan.getChanged());
        json.writeNumberField("workers_failed", scan.getWorkersFailed());
        json.writeNumberField("bytes", scan.getBytes());
        number(json, "total_bytes", scan.getTotalBytes());
        json.writeNumberField("read_bytes", scan.getReadBytes());
        json.writeNumberField("device_bytes", scan.getDeviceBytes());
        json.writeNumberField("bytes_per_second", Math.round(scan.getBytesPerSecond()));
        json.writeNumberField("device_bytes_per_second", Math.round(scan.getDeviceBytesPerSecond()));
        json.writeNumberField("rate_bytes_per_second", scan.getRateBytesPerSecond());
        json.writeNumberField("yielded_seconds", scan.getYieldedSeconds());
        json.writeNumberField("stalled_seconds", scan.getStalledSeconds());
        array(json, "reading", scan.getReading());
        json.writeNumberField("hot_before_bytes", scan.getHotBeforeBytes());
        json.writeNumberField("hot_after_bytes", scan.getHotAfterBytes());
        json.writeNumberField("left_bytes", scan.getLeftBytes());
        json.writeNumberField("released_bytes", scan.getReleasedBytes());
        json.writeStringField("error", scan.getError());
    }

    private static void pool(JsonGenerator json, PoolInfo pool) throws IOException {
        json.writeStringField("name", pool.getName());
        json.writeStringField("directory", pool.getDirectory());
        json.writeStringField("state", lower(pool.getState()));
        json.writeStringField("reason", pool.getReason());
        json.writeNumberField("file_bytes", pool.getFileBytes());
        json.writeNumberField("ready", pool.getReadyFiles());
        json.writeNumberField("target", pool.getTargetFiles());
        json.writeNumberField("claims", pool.getClaims());
        json.writeNumberField("claims_per_second", pool.getClaimsPerSecond());
        json.writeNumberField("reserved_bytes", pool.getReservedBytes());
        number(json, "free_bytes", pool.getFreeBytes());
        number(json, "reserve_bytes", pool.getReserveBytes());
        number(json, "seconds_of_space", Math.round(pool.getSecondsOfSpace()));
        array(json, "strangers", pool.getStrangerWords());
    }

    private static void source(JsonGenerator json, SourceInfo source) throws IOException {
        json.writeStringField("name", source.getName());
        array(json, "paths", source.getPaths());
        json.writeStringField("schedule", source.getSchedule());
        array(json, "digests", source.getDigests());
        array(json, "workers", source.getWorkers());
        json.writeStringField("cache", lower(source.getCachePolicy()));
        json.writeStringField("scan", source.getActiveScan());
        json.writeStringField("last_started", TimeFormat.forPrograms(source.getLastStarted()));
        json.writeStringField("last_good", TimeFormat.forPrograms(source.getLastGood()));
        lastRun(json, source);
        json.writeStringField("next", TimeFormat.forPrograms(source.getNext()));
        json.writeStringField("problem", source.getLastProblem());
    }

    /** The members are null before the first run. */
    private static void lastRun(JsonGenerator json, SourceInfo source) throws IOException {
        if (source.getLastDurationSeconds() < 0) {
            json.writeNullField("last_duration_seconds");
        } else {
            json.writeNumberField("last_duration_seconds", source.getLastDurationSeconds());
        }
        number(json, "last_files", source.getLastFiles());
        number(json, "last_bytes", source.getLastBytes());
        number(json, "last_hot_before_bytes", source.getLastHotBeforeBytes());
        number(json, "last_hot_after_bytes", source.getLastHotAfterBytes());
    }

    private static void worker(JsonGenerator json, WorkerInfo worker) throws IOException {
        json.writeStringField("name", worker.getName());
        array(json, "command", worker.getCommand());
        json.writeStringField("mode", lower(worker.getMode()));
        json.writeNumberField("most_processes", worker.getMostProcesses());
        json.writeNumberField("processes", worker.getProcesses());
        json.writeNumberField("busy", worker.getBusy());
        json.writeNumberField("fed_bytes", worker.getFedBytes());
        json.writeNumberField("restarts", worker.getRestarts());
        json.writeBooleanField("quarantined", worker.isQuarantined());
        json.writeStringField("last_reason", worker.getLastReason());
    }

    /** A negative value means unknown. */
    private static void number(JsonGenerator json, String name, long value) throws IOException {
        if (value < 0) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, value);
        }
    }

    private static void array(JsonGenerator json, String name, String[] words) throws IOException {
        json.writeFieldName(name);
        json.writeArray(words, 0, words.length);
    }
}
