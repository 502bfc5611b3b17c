// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what a command wrote with {@code --json}: objects as maps, arrays as lists, in the order in which they stand. */
final class Json {
    private Json() {}

    /** An object a line. */
    static List<Map<String, Object>> lines(String text) throws IOException {
        var objects = new ArrayList<Map<String, Object>>();
        for (String line : text.lines().toList()) {
            try (JsonParser json = new JsonFactory().createParser(line)) {
                json.nextToken();
                objects.add(map(value(json)));
                if (json.nextToken() != null) {
                    throw new IOException("more than an object in a line: " + line);
                }
            }
        }
        return objects;
    }

    @SuppressWarnings("unchecked") // names of JSON are strings
    static Map<String, Object> map(@Nullable Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked") // where it is not, the caller's assertions fail
    static List<Map<String, Object>> maps(@Nullable Object value) {
        return (List<Map<String, Object>>) value;
    }

    private static @Nullable Object value(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT -> {
                var map = new LinkedHashMap<String, Object>();
                for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                    json.nextToken();
                    map.put(name, value(json));
                }
                yield map;
            }
            case START_ARRAY -> {
                var list = new ArrayList<Object>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(json));
                }
                yield list;
            }
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT -> json.getLongValue();
            case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }
}
