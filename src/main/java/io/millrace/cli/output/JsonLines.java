// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** Writes one JSON object in each line (NDJSON) to standard output. */
public final class JsonLines {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** Writes the members of one object. */
    public interface Members {
        void write(JsonGenerator json) throws IOException;
    }

    private final ResultStream out;

    public JsonLines(ResultStream out) {
        this.out = out;
    }

    /** Writes a line {@code {"type":TYPE,…}}. */
    public void object(String type, Members members) throws IOException {
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
            json.writeStartObject();
            json.writeStringField("type", type);
            members.write(json);
            json.writeEndObject();
        }
        out.write('\n');
        out.endRecord();
    }
}
