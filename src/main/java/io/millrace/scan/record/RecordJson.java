// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.record;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.catalog.record.Finding;
import io.millrace.catalog.record.Verdict;
import io.millrace.catalog.record.Verification;
import io.millrace.pagecache.PhysicalRange;
import io.millrace.posix.libc.ByteRange;
import io.millrace.scan.ResultJson;
import io.millrace.scan.observe.BytesByOrigin;
import io.millrace.scan.observe.ObservedFile;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Writes what the catalog makes of files as members of JSON objects, which the caller starts and ends. Stateless. */
public final class RecordJson {
    private RecordJson() {}

    /** Everything of a file, its result as {@link ResultJson#file} has it included. */
    public static void file(JsonGenerator json, RecordedFile file) throws IOException {
        if (file.result() == null) {
            ResultJson.path(json, file.path());
        } else {
            ResultJson.file(json, file.result());
        }
        json.writeStringField("verdict", file.verdict().map(Verdict::label).orElse(null));
        json.writeStringField("note", file.note().isEmpty() ? null : file.note());
        json.writeBooleanField("recorded", file.isRecorded());
        json.writeBooleanField("mounted", !file.isNotMounted());
        time(json, "verified_at", file.verification().map(Verification::lastVerified));
        time(json, "verified_on_device_at", file.verification().map(Verification::lastOnDevice));
        json.writeArrayFieldStart("findings");
        for (Finding finding : file.findings()) {
            finding(json, finding);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("places");
        for (PhysicalRange place : file.places()) {
            place(json, place);
        }
        json.writeEndArray();
        origin(json, file.observed().map(ObservedFile::bytes).orElse(BytesByOrigin.NONE));
    }

    private static void time(JsonGenerator json, String key, Optional<Long> seconds) throws IOException {
        json.writeStringField(
                key,
                seconds.filter(at -> at != Verification.NEVER)
                        .map(at -> Instant.ofEpochSecond(at).toString())
                        .orElse(null));
    }

    private static void finding(JsonGenerator json, Finding finding) throws IOException {
        json.writeStartObject();
        json.writeStringField("verdict", finding.verdict().label());
        range(json, finding.range());
        json.writeEndObject();
    }

    private static void range(JsonGenerator json, ByteRange range) throws IOException {
        json.writeNumberField("offset_bytes", range.offsetBytes());
        json.writeNumberField("length_bytes", range.lengthBytes());
    }

    private static void place(JsonGenerator json, PhysicalRange place) throws IOException {
        json.writeStartObject();
        range(json, place.file());
        json.writeStringField("device", place.device().orElse(null));
        json.writeNumberField("device_offset_bytes", place.deviceBytes());
        json.writeEndObject();
    }

    /** {@code "origin"}: bytes by where they came from. */
    private static void origin(JsonGenerator json, BytesByOrigin bytes) throws IOException {
        json.writeObjectFieldStart("origin");
        json.writeNumberField("device_bytes", bytes.device());
        json.writeNumberField("cache_bytes", bytes.cache());
        json.writeNumberField("unknown_bytes", bytes.unknown());
        json.writeNumberField("unsettled_bytes", bytes.unsettled());
        json.writeNumberField("unreadable_bytes", bytes.unreadable());
        json.writeEndObject();
    }

    /** What the summary of a recorded scan has beside that of any scan. */
    public static void summary(JsonGenerator json, RecordCounts counts, Optional<String> failure) throws IOException {
        json.writeObjectFieldStart("verdicts");
        for (Map.Entry<Verdict, Long> count : counts.verdicts().entrySet()) {
            json.writeNumberField(count.getKey().label(), count.getValue());
        }
        json.writeEndObject();
        json.writeNumberField("recorded", counts.recorded());
        json.writeNumberField("not_mounted", counts.notMounted());
        origin(json, counts.bytes());
        json.writeStringField("catalog_error", failure.orElse(null));
    }
}
