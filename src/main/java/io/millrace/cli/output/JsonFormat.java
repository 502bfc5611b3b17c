// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import io.millrace.pagecache.CachePolicy;
import io.millrace.scan.FileResult;
import io.millrace.scan.ResultJson;
import io.millrace.scan.ScanSummary;
import java.io.IOException;

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

    public void summary(ScanSummary summary, CachePolicy policy) throws IOException {
        lines.object("summary", json -> ResultJson.summary(json, summary, policy));
    }
}
