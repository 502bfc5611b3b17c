// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.verify;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.catalog.record.Verdict;
import io.millrace.cli.output.JsonLines;
import io.millrace.pagecache.CachePolicy;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.FileResult;
import io.millrace.scan.ResultJson;
import io.millrace.scan.ScanSummary;
import io.millrace.verify.Difference;
import io.millrace.verify.FileVerdict;
import io.millrace.verify.ManifestCheck;
import java.io.IOException;

/** Writes verdicts as JSON lines: an object for each file, and the summary at the end. */
final class VerdictJson implements VerdictFormat {
    private final JsonLines lines;

    VerdictJson(JsonLines lines) {
        this.lines = lines;
    }

    @Override
    public void file(FileVerdict verdict) throws IOException {
        lines.object("file", json -> {
            FileResult result = verdict.result();
            ResultJson.path(json, result.path());
            json.writeStringField("verdict", verdict.verdict().label());
            json.writeNumberField("bytes", result.bytes());
            ResultJson.digests(json, result.digests());
            json.writeArrayFieldStart("differences");
            for (Difference difference : verdict.differences()) {
                write(json, difference);
            }
            json.writeEndArray();
            json.writeNumberField("seconds", result.seconds());
            json.writeBooleanField("changed", result.change().isPresent());
            json.writeStringField("error", result.error().orElse(null));
        });
    }

    private static void write(JsonGenerator json, Difference difference) throws IOException {
        json.writeStartObject();
        json.writeStringField("of", difference.what());
        if (difference.isOfSize()) {
            json.writeNumberField("expected", Long.parseLong(difference.expected()));
            json.writeNumberField("actual", Long.parseLong(difference.actual()));
        } else {
            json.writeStringField("expected", difference.expected());
            json.writeStringField("actual", difference.actual());
        }
        json.writeStringField("manifest", difference.manifest());
        json.writeNumberField("line", difference.line());
        json.writeEndObject();
    }

    @Override
    public void newFile(BytePath path) throws IOException {
        lines.object("file", json -> {
            ResultJson.path(json, path);
            json.writeStringField("verdict", Verdict.NEW.label());
        });
    }

    void summary(VerdictCounts counts, ScanSummary summary, CachePolicy policy) throws IOException {
        lines.object("summary", json -> {
            json.writeObjectFieldStart("verdicts");
            for (Verdict verdict : ManifestCheck.VERDICTS) {
                json.writeNumberField(verdict.label(), counts.of(verdict));
            }
            json.writeEndObject();
            json.writeNumberField("malformed_lines", counts.malformedLines());
            json.writeNumberField("manifests_failed", counts.manifestsFailed());
            ResultJson.summary(json, summary, policy);
        });
    }
}
