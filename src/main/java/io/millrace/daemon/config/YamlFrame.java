// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.daemon.config.YamlNode.Mapping;
import io.millrace.daemon.config.YamlNode.Refused;
import io.millrace.daemon.config.YamlNode.Scalar;
import io.millrace.daemon.config.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A list or a mapping whose end the parser has not reached yet. */
final class YamlFrame {
    private final String path;
    private final SourceLocation place;
    private final boolean keyed;
    private final boolean accepted;
    private final Problems findings;
    private final List<Sequence.Item> items = new ArrayList<>();
    private final Map<String, Mapping.Entry> entries = new LinkedHashMap<>();

    /** The key whose value comes next, and its location; null if a key comes next. */
    private @Nullable String key;

    private SourceLocation keyPlace = SourceLocation.START;

    /** Whether the key was refused, so that its value is discarded. */
    private boolean keyRefused;

    /**
     * @param path of the parent keys
     * @param place the location at which it begins
     * @param accepted whether it is used once it has ended
     */
    YamlFrame(String path, SourceLocation place, boolean keyed, boolean accepted, Problems findings) {
        this.path = path;
        this.place = place;
        this.keyed = keyed;
        this.accepted = accepted;
        this.findings = findings;
    }

    SourceLocation place() {
        return place;
    }

    /** Returns the key path of the next value. */
    String path() {
        if (!keyed) {
            return path + "[" + (items.size() + 1) + "]";
        }
        return key == null ? path : join(path, key);
    }

    static String join(String path, String key) {
        return path.isEmpty() || key.isEmpty() ? path + key : path + "." + key;
    }

    void put(SourceLocation at, YamlNode node) {
        if (!keyed) {
            items.add(new Sequence.Item(at, node));
        } else if (key == null) {
            begin(at, node);
        } else {
            if (!keyRefused) {
                entries.put(key, new Mapping.Entry(keyPlace, node));
            }
            key = null;
        }
    }

    private void begin(SourceLocation at, YamlNode node) {
        keyPlace = at;
        String text = node instanceof Scalar scalar ? scalar.text() : "";
        String complaint = complaint(node, text);
        keyRefused = !complaint.isEmpty() || node instanceof Refused;
        if (!complaint.isEmpty()) {
            findings.add(at, join(path, text), complaint);
        }
        key = text;
    }

    private String complaint(YamlNode node, String text) {
        if (node instanceof Refused) {
            return "";
        }
        if (text.isEmpty()) {
            return node instanceof Scalar ? "a key is empty" : "a key is one word, not " + node.label();
        }
        if (text.equals("<<")) {
            return "merge keys are not supported; write the keys out";
        }
        Mapping.Entry first = entries.get(text);
        return first == null
                ? ""
                : "is given twice; the first is in line " + first.place().line();
    }

    /** Returns the completed node. */
    YamlNode end() {
        if (!accepted) {
            return new Refused();
        }
        return keyed ? new Mapping(Collections.unmodifiableMap(entries)) : new Sequence(List.copyOf(items));
    }
}
