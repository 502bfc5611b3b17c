// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Protocol 1 of persistent workers. Each file is a line of JSON followed by chunks: a length in 4 bytes, most
 * significant byte first, and that many bytes. Length 0 ends the file; {@link #ABANDONED} ends it incomplete. The
 * worker answers with a line of JSON.
 */
final class Protocol {
    static final int VERSION = 1;
    static final int END = 0;
    static final int ABANDONED = 0xFFFFFFFF;

    /** Large enough that the chunk header costs nothing, small enough for a worker to buffer. */
    static final int MAX_CHUNK_BYTES = 1 << 20;

    private static final JsonFactory JSON = new JsonFactory();

    private Protocol() {}

    /** @param result JSON; empty if there is none */
    record Answer(long id, boolean ok, String result, String error) {}

    /** The worker sent a line that is not a valid answer. */
    static final class GarbageException extends Exception {
        private static final long serialVersionUID = 1L;

        GarbageException(String what) {
            super(what);
        }
    }

    static byte[] header(long id, FileHeader head) {
        var bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeNumberField("v", VERSION);
            json.writeNumberField("id", id);
            json.writeStringField("path", head.path().toUtf8());
            if (!head.path().isUtf8()) {
                json.writeStringField("path_encoded", head.path().percentEncoded());
            }
            json.writeNumberField("bytes", head.bytes());
            json.writeStringField("scan", head.scan());
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e); // cannot happen: it writes to memory
        }
        return bytes.toByteArray();
    }

    static Answer answer(byte[] line) throws GarbageException {
        try (JsonParser json = JSON.createParser(new String(line, StandardCharsets.UTF_8))) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw garbage(line);
            }
            Long id = null;
            Boolean ok = null;
            String result = "";
            String error = "";
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                switch (name) {
                    case "id" -> id = value == JsonToken.VALUE_NUMBER_INT ? (Long) json.getLongValue() : null;
                    case "ok" -> ok = value.isBoolean() ? (Boolean) json.getBooleanValue() : null;
                    case "result" -> result = copy(json);
                    case "error" -> error = value == JsonToken.VALUE_STRING ? json.getText() : copy(json);
                    default -> json.skipChildren();
                }
            }
            if (json.nextToken() != null) {
                throw garbage(line);
            }
            return new Answer(required(id, "\"id\"", line), required(ok, "\"ok\"", line), result, error);
        } catch (IOException e) {
            throw garbage(line);
        }
    }

    private static String copy(JsonParser json) throws IOException {
        var text = new StringWriter();
        try (JsonGenerator copy = JSON.createGenerator(text)) {
            copy.copyCurrentStructure(json);
        }
        return text.toString();
    }

    private static <T> T required(@Nullable T value, String name, byte[] line) throws GarbageException {
        if (value == null) {
            throw new GarbageException("answered without " + name + ": " + excerpt(line));
        }
        return value;
    }

    private static GarbageException garbage(byte[] line) {
        return new GarbageException("answered with something other than a JSON object: " + excerpt(line));
    }

    private static String excerpt(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8);
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
