// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import io.millrace.scan.JsonLine;
import java.io.IOException;

/** Writes one JSON object in each line (NDJSON) to standard output. */
public final class JsonLines {
    private final ResultStream out;

    public JsonLines(ResultStream out) {
        this.out = out;
    }

    /** Writes a line {@code {"type":TYPE,…}}. */
    public void object(String type, JsonLine.Members members) throws IOException {
        JsonLine.write(out, type, members);
        out.endRecord();
    }
}
