// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;

/** One JSON object in one line (NDJSON), the form of results on standard output and in result files. Any thread. */
public final class JsonLine {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** Writes the members of one object. */
    @FunctionalInterface
    public interface Members {
        void write(JsonGenerator json) throws IOException;
    }

    private JsonLine() {}

    /** Writes the line {@code {"type":TYPE,…}}; does not flush. */
    public static void write(OutputStream out, String type, Members members) throws IOException {
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
            json.writeStartObject();
            json.writeStringField("type", type);
            members.write(json);
            json.writeEndObject();
        }
        out.write('\n');
    }
}
