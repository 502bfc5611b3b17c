// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import io.millrace.catalog.CatalogException;
import io.millrace.pagecache.CachePolicy;
import io.millrace.scan.FileResult;
import io.millrace.scan.ResultJson;
import io.millrace.scan.ScanSummary;
import io.millrace.scan.record.RecordCounts;
import io.millrace.scan.record.RecordJson;
import io.millrace.scan.record.RecordedFile;
import java.io.IOException;
import java.util.Optional;

/** Writes the results of a scan as JSON lines: an object for each file, and the summary at the end. */
public final class JsonFormat implements ResultFormat {
    private final JsonLines lines;

    public JsonFormat(JsonLines lines) {
        this.lines = lines;
    }

    @Override
    public void file(FileResult result) throws IOException {
        lines.object("file", json -> ResultJson.file(json, result));
    }

    /** Writes the result of a file with what the catalog makes of it. */
    public void recorded(RecordedFile file) throws IOException {
        lines.object("file", json -> RecordJson.file(json, file));
    }

    /** Writes the summary of a recorded scan. */
    public void summary(
            ScanSummary summary, CachePolicy policy, RecordCounts counts, Optional<CatalogException> failure)
            throws IOException {
        lines.object("summary", json -> {
            RecordJson.summary(json, counts, failure.map(Throwable::getMessage));
            ResultJson.summary(json, summary, policy);
        });
    }

    public void summary(ScanSummary summary, CachePolicy policy) throws IOException {
        lines.object("summary", json -> ResultJson.summary(json, summary, policy));
    }
}
