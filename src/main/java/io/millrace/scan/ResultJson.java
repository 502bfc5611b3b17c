// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.CachePolicy;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.units.EnumLabels;
import io.millrace.worker.WorkerMode;
import io.millrace.worker.WorkerOutcome;
import java.io.IOException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes scan results as members of JSON objects, which the caller starts and ends. Stateless. */
public final class ResultJson {
    /** Used instead of a source's name for scans of given paths; no source may have this name. */
    public static final String REQUEST = "request";

    private static final HexFormat HEX = HexFormat.of();

    private ResultJson() {}

    /**
     * Returns the name of the file in the service's results directory that keeps the last complete scan of a source, or
     * of given paths.
     */
    public static String fileName(Optional<String> source) {
        return source.orElse(REQUEST) + ".ndjson";
    }

    /**
     * Writes {@code "path"} as text and, if the name is not valid UTF-8, also {@code "path_encoded"}: the
     * percent-encoded bytes, from which the exact path can be restored.
     */
    public static void path(JsonGenerator json, BytePath path) throws IOException {
        json.writeStringField("path", path.toUtf8());
        if (!path.isUtf8()) {
            json.writeStringField("path_encoded", path.percentEncoded());
        }
    }

    public static void file(JsonGenerator json, FileResult result) throws IOException {
        path(json, result.path());
        json.writeNumberField("bytes", result.bytes());
        digests(json, result.digests());
        workers(json, result.workers());
        json.writeNumberField("seconds", result.seconds());
        json.writeBooleanField("changed", result.change().isPresent());
        json.writeStringField("error", result.error().orElse(null));
    }

    /** Writes {@code "digests"} in hexadecimal. */
    public static void digests(JsonGenerator json, Map<DigestAlgorithm, byte[]> digests) throws IOException {
        json.writeObjectFieldStart("digests");
        for (Map.Entry<DigestAlgorithm, byte[]> digest : digests.entrySet()) {
            json.writeStringField(digest.getKey().label(), HEX.formatHex(digest.getValue()));
        }
        json.writeEndObject();
    }

    private static void workers(JsonGenerator json, List<WorkerOutcome> outcomes) throws IOException {
        json.writeArrayFieldStart("workers");
        for (WorkerOutcome outcome : outcomes) {
            json.writeStartObject();
            json.writeStringField("name", outcome.worker());
            json.writeStringField("outcome", outcome.kind().label());
            if (outcome.exitCode().isPresent()) {
                json.writeNumberField("exit", outcome.exitCode().getAsInt());
            } else {
                json.writeNullField("exit");
            }
            if (outcome.mode() == WorkerMode.PER_FILE) {
                json.writeStringField("output", outcome.output());
            } else {
                json.writeFieldName("result");
                json.writeRawValue(outcome.output().isEmpty() ? "null" : outcome.output());
            }
            json.writeStringField("reason", outcome.isDone() ? null : outcome.reason());
            json.writeNumberField("attempts", outcome.attempts());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    public static void summary(JsonGenerator json, ScanSummary summary, CachePolicy policy) throws IOException {
        json.writeNumberField("files", summary.files());
        json.writeNumberField("failed", summary.failed());
        json.writeNumberField("changed", summary.changed());
        json.writeNumberField("workers_failed", summary.workersFailed());
        json.writeNumberField("skipped", summary.skipped().total());
        json.writeObjectFieldStart("skipped_by_reason");
        json.writeNumberField("symbolic_links", summary.skipped().symbolicLinks());
        json.writeNumberField("special_files", summary.skipped().specialFiles());
        json.writeNumberField("filtered", summary.skipped().filtered());
        json.writeNumberField("other_file_systems", summary.skipped().otherFileSystems());
        json.writeEndObject();
        json.writeBooleanField("stopped", summary.stopped());
        json.writeNumberField("bytes", summary.bytes());
        json.writeNumberField("seconds", summary.seconds());
        json.writeNumberField("bytes_per_second", Math.round(summary.bytesPerSecond()));
        implementations(json, summary.digests());
        json.writeObjectFieldStart("cache");
        json.writeStringField("policy", EnumLabels.of(policy));
        effect(json, summary.effect(), policy == CachePolicy.NEUTRAL);
        json.writeNumberField("peak_window_bytes", summary.peakWindowBytes());
        json.writeEndObject();
    }

    /** Writes {@code "digest_implementations"}: the implementation that computed each digest. */
    public static void implementations(JsonGenerator json, Collection<DigestAlgorithm> digests) throws IOException {
        json.writeObjectFieldStart("digest_implementations");
        for (DigestAlgorithm algorithm : digests) {
            json.writeStringField(algorithm.label(), algorithm.implementation());
        }
        json.writeEndObject();
    }

    /** {@code measured}: whether residency was measured; if not, the resident byte counts are null. */
    private static void effect(JsonGenerator json, CacheEffect effect, boolean measured) throws IOException {
        json.writeObjectFieldStart("strategies");
        json.writeNumberField("dontcache", effect.dontCacheBytes());
        json.writeNumberField("drop-behind", effect.dropBehindBytes());
        json.writeNumberField("plain", effect.plainBytes());
        json.writeNumberField("hole", effect.holeBytes());
        json.writeEndObject();
        if (measured) {
            json.writeNumberField("hot_before_bytes", effect.hotBeforeBytes());
            json.writeNumberField("hot_after_bytes", effect.hotAfterBytes());
            json.writeNumberField("left_bytes", effect.leftBytes());
        } else {
            json.writeNullField("hot_before_bytes");
            json.writeNullField("hot_after_bytes");
            json.writeNullField("left_bytes");
        }
        json.writeNumberField("released_bytes", effect.releasedBytes());
        json.writeNumberField("residency_unknown_bytes", effect.unknownBytes());
    }
}
