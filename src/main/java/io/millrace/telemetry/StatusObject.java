// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object: named values in a fixed order. A value is a text, a number, a boolean, a list of these, a map of these,
 * another object, or null for one that is not known. Filled by {@link StatusJson}, then only read; any thread.
 */
public final class StatusObject {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

    @CanIgnoreReturnValue
    StatusObject with(String key, @Nullable Object value) {
        members.put(key, value);
        return this;
    }

    StatusObject withAll(StatusObject more) {
        members.putAll(more.members);
        return this;
    }

    public Set<String> keys() {
        return members.keySet();
    }

    /** @throws IllegalArgumentException if there is no such key */
    public @Nullable Object get(String key) {
        if (!members.containsKey(key)) {
            throw new IllegalArgumentException("no key '" + key + "' among " + members.keySet());
        }
        return members.get(key);
    }

    /** Writes the members into an object that has been started. */
    public void writeMembers(JsonGenerator json) throws IOException {
        for (Map.Entry<String, @Nullable Object> member : members.entrySet()) {
            json.writeFieldName(member.getKey());
            write(json, member.getValue());
        }
    }

    private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
        if (value instanceof StatusObject object) {
            json.writeStartObject();
            object.writeMembers(json);
            json.writeEndObject();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object element : list) {
                write(json, element);
            }
            json.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(String.valueOf(entry.getKey()));
                write(json, entry.getValue());
            }
            json.writeEndObject();
        } else {
            json.writeObject(value); // of a generator without a codec: texts, numbers, booleans and null only
        }
    }

    /** Returns the object in one line, without a line feed. */
    @Override
    public String toString() {
        var out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            write(json, this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }
}
