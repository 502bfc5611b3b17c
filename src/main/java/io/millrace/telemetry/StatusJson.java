// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.prealloc.pool.PoolStatus;
import io.millrace.scan.job.LastRun;
import io.millrace.scan.job.ScanStatus;
import io.millrace.scan.schedule.SourceStatus;
import io.millrace.worker.WorkerOutcome;
import io.millrace.worker.WorkerStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Writes statuses as JSON members: bytes, seconds, and ISO 8601 instants; an unknown value is null. Stateless; any
 * thread.
 */
public final class StatusJson {
    private final JsonGenerator json;

    private StatusJson(JsonGenerator json) {
        this.json = json;
    }

    /** Writes the members into an object that has been started. */
    public static void write(JsonGenerator json, SnapshotTicker.Beat now) throws IOException {
        new StatusJson(json).all(now);
    }

    private void all(SnapshotTicker.Beat now) throws IOException {
        ServiceSnapshot snapshot = now.snapshot();
        json.writeStringField("type", "status");
        json.writeStringField("at", snapshot.at().toString());
        json.writeStringField("version", snapshot.service().version());
        json.writeStringField("started", snapshot.service().started().toString());
        json.writeBooleanField("ready", snapshot.notReady().isEmpty());
        json.writeStringField("sentence", snapshot.service().sentence());
        json.writeNumberField("bytes_per_second", Math.round(now.history().last()));
        json.writeNumberField(
                "device_bytes_per_second", Math.round(now.history().deviceBytesPerSecond()));
        json.writeNumberField("read_bytes", now.done().readBytes());
        json.writeNumberField("device_bytes", now.done().deviceBytes());
        json.writeObjectFieldStart("cache");
        json.writeNumberField("released_bytes", now.done().effect().releasedBytes());
        json.writeNumberField("left_bytes", now.done().effect().leftBytes());
        json.writeEndObject();
        json.writeArrayFieldStart("scans");
        for (ScanStatus scan : snapshot.activeScans()) {
            scan(scan);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("sources");
        for (SourceStatus source : snapshot.sources()) {
            source(source);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("pools");
        for (PoolStatus pool : snapshot.pools()) {
            pool(pool);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("workers");
        for (WorkerStatus worker : snapshot.workers()) {
            worker(worker);
        }
        json.writeEndArray();
    }

    private void scan(ScanStatus scan) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", scan.id());
        text("source", scan.source());
        json.writeStringField("state", DisplayFormat.label(scan.state()));
        json.writeStringField("started", scan.started().toString());
        json.writeNumberField("files", scan.files());
        json.writeNumberField("failed", scan.failed());
        json.writeNumberField("changed", scan.changed());
        json.writeNumberField("workers_failed", scan.workersFailed());
        json.writeNumberField("bytes", scan.bytes());
        json.writeNumberField("hole_bytes", scan.effect().holeBytes());
        json.writeNumberField("hot_before_bytes", scan.effect().hotBeforeBytes());
        json.writeNumberField("hot_after_bytes", scan.effect().hotAfterBytes());
        if (scan.totalBytes().isPresent()) {
            json.writeNumberField("total_bytes", scan.totalBytes().getAsLong());
        } else {
            json.writeNullField("total_bytes");
        }
        json.writeNumberField("read_bytes", scan.read().bytes());
        json.writeNumberField("device_bytes", scan.read().deviceBytes());
        json.writeNumberField("bytes_per_second", Math.round(scan.bytesPerSecond()));
        json.writeNumberField("device_bytes_per_second", Math.round(scan.read().deviceBytesPerSecond()));
        json.writeNumberField("rate_limit_bytes_per_second", scan.rateBytesPerSecond());
        json.writeNumberField("yielded_seconds", scan.yielded().toMillis() / 1e3);
        json.writeNumberField("stalled_seconds", scan.stalled().toMillis() / 1e3);
        json.writeArrayFieldStart("reading");
        for (String path : scan.reading()) {
            json.writeString(path);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void source(SourceStatus source) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", source.spec().name());
        json.writeNumberField("min_files", source.spec().minFiles());
        text("active_scan", source.activeScan());
        time("last_started", source.lastStarted());
        time("last_good", source.lastGood());
        time("next", source.next());
        text("last_problem", source.lastProblem());
        json.writeBooleanField("failing", source.lastProblem().isPresent());
        if (source.lastRun().isPresent()) {
            lastRun(source.lastRun().get());
        } else {
            json.writeNullField("last_run");
        }
        json.writeEndObject();
    }

    private void lastRun(LastRun run) throws IOException {
        json.writeObjectFieldStart("last_run");
        json.writeStringField("ended", run.ended().toString());
        json.writeNumberField("duration_seconds", run.seconds());
        json.writeNumberField("files", run.files());
        json.writeNumberField("failed", run.failed());
        json.writeNumberField("workers_failed", run.workersFailed());
        json.writeNumberField("bytes", run.bytes());
        json.writeNumberField("hot_before_bytes", run.hotBeforeBytes());
        json.writeNumberField("hot_after_bytes", run.hotAfterBytes());
        text("problem", run.problem());
        json.writeEndObject();
    }

    private void bytes(String name, OptionalLong bytes) throws IOException {
        if (bytes.isPresent()) {
            json.writeNumberField(name, bytes.getAsLong());
        } else {
            json.writeNullField(name);
        }
    }

    private void pool(PoolStatus pool) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", pool.spec().name());
        json.writeStringField("state", DisplayFormat.label(pool.state()));
        json.writeNumberField("ready", pool.ready());
        json.writeNumberField("target", pool.spec().ready());
        json.writeNumberField("claims", pool.claims());
        json.writeNumberField("claims_per_second", pool.claimsPerSecond());
        text("reason", pool.reason());
        bytes("free_bytes", pool.freeBytes());
        bytes("reserve_bytes", pool.reserveBytes());
        if (pool.secondsOfSpace().isPresent()) {
            json.writeNumberField("space_seconds", pool.secondsOfSpace().getAsDouble());
        } else {
            json.writeNullField("space_seconds");
        }
        json.writeEndObject();
    }

    private void worker(WorkerStatus worker) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", worker.spec().name());
        json.writeNumberField("processes", worker.processes());
        json.writeNumberField("busy", worker.busy());
        json.writeNumberField("fed_bytes", worker.fedBytes());
        json.writeNumberField("restarts", worker.restarts());
        json.writeBooleanField("quarantined", worker.quarantined());
        text("last_reason", worker.lastReason());
        time("last_reason_at", worker.lastReasonAt());
        json.writeNumberField("failed_files", worker.failedFiles());
        json.writeObjectFieldStart("files");
        for (WorkerOutcome.Kind kind : WorkerOutcome.Kind.values()) {
            json.writeNumberField(kind.label(), worker.files().getOrDefault(kind, 0L));
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private void text(String name, Optional<String> text) throws IOException {
        if (text.isPresent()) {
            json.writeStringField(name, text.get());
        } else {
            json.writeNullField(name);
        }
    }

    private void time(String name, Optional<Instant> at) throws IOException {
        text(name, at.map(Instant::toString));
    }
}
