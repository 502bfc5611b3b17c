// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.daemon.config.YamlNode.Mapping;
import io.millrace.daemon.config.YamlNode.Refused;
import io.millrace.daemon.config.YamlNode.Scalar;
import io.millrace.daemon.config.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The keys of one mapping, taken one after the other. What does not fit is told to the findings, and the reader goes on
 * with what it had. {@link #refuseOthers} ends it. One thread.
 */
final class Section {
    private final String path;
    private final SourceLocation place;
    private final Map<String, Mapping.Entry> entries;
    private final Problems findings;

    /** Whether there are keys to speak of, or none because the whole was complained of. */
    private final boolean sound;

    /** Every key that was asked for, whether the file has it or not. */
    private final Set<String> known = new LinkedHashSet<>();

    private Section(String path, SourceLocation place, Mapping mapping, boolean sound, Problems findings) {
        this.path = path;
        this.place = place;
        this.entries = mapping.entries();
        this.sound = sound;
        this.findings = findings;
    }

    /** Of the file's top; without a key if it is not a mapping. */
    static Section top(YamlNode root, Problems findings) {
        return of("", SourceLocation.START, root, findings);
    }

    /** Nothing after the colon is a section without keys, so that all in it can be commented out. */
    private static Section of(String path, SourceLocation place, YamlNode node, Problems findings) {
        if (node instanceof Mapping mapping) {
            return new Section(path, place, mapping, true, findings);
        }
        boolean empty = node instanceof Scalar scalar && scalar.isNothing();
        if (!empty && !(node instanceof Refused)) {
            findings.add(place, path, "must be keys with values, not " + node.label());
        }
        return new Section(path, place, new Mapping(Map.of()), empty, findings);
    }

    /** The section below this key; without a key where the file has none. */
    Section section(String key) {
        return find(key)
                .map(entry -> of(pathOf(key), entry.place(), entry.value(), findings))
                .orElseGet(() -> new Section(pathOf(key), place, new Mapping(Map.of()), sound, findings));
    }

    /** For a section whose keys are names: all of them, in the order of the file. */
    List<String> names() {
        return List.copyOf(entries.keySet());
    }

    /** Whether the file has this key, with whatever value. */
    boolean has(String key) {
        return find(key).isPresent();
    }

    /** Whether a key has a list, but with nothing in it. */
    boolean isEmptyList(String key) {
        return find(key)
                .map(Mapping.Entry::value)
                .filter(value -> value instanceof Sequence list && list.items().isEmpty()
                        || value instanceof Scalar scalar && scalar.isNothing())
                .isPresent();
    }

    /** Keys that have their place here and are read by somebody else. */
    void leave(List<String> keys) {
        known.addAll(keys);
    }

    /** Where a key stands; the section's own place where it is missing. */
    SourceLocation placeOf(String key) {
        Mapping.Entry entry = entries.get(key);
        return entry == null ? place : entry.place();
    }

    /** Tells of something wrong with a key. */
    void refuse(String key, String message) {
        findings.add(placeOf(key), pathOf(key), message);
    }

    /** A key that the section cannot do without. */
    void require(String key) {
        if (sound && !entries.containsKey(key)) {
            refuse(key, "is required and missing");
        }
    }

    /** The value of a key as {@code kind} reads it; empty where it is missing or wrong. */
    <T> Optional<T> value(String key, ValueParser<T> kind) {
        return find(key).flatMap(entry -> read(entry, pathOf(key), kind));
    }

    /**
     * The list below a key, each value as {@code kind} reads it and named by its number where it is wrong; empty where
     * the key is missing, and no value twice.
     */
    <T> List<T> values(String key, ValueParser<T> kind) {
        Set<T> values = new LinkedHashSet<>();
        int number = 0;
        for (Sequence.Item item : find(key).map(entry -> items(key, entry)).orElse(List.of())) {
            number++;
            String at = pathOf(key) + "[" + number + "]";
            Optional<T> value = read(new Mapping.Entry(item.place(), item.value()), at, kind);
            if (value.isPresent() && !values.add(value.get())) {
                findings.add(item.place(), at, "is in the list already");
            }
        }
        return List.copyOf(values);
    }

    /** Nothing after the colon is a list of nothing, so that all in it can be commented out. */
    private List<Sequence.Item> items(String key, Mapping.Entry entry) {
        if (entry.value() instanceof Sequence list) {
            return list.items();
        }
        boolean empty = entry.value() instanceof Scalar scalar && scalar.isNothing();
        if (!empty && !(entry.value() instanceof Refused)) {
            refuse(key, "must be a list, as [a, b], not " + entry.value().label());
        }
        return List.of();
    }

    /**
     * Puts the value of a key, where there is one, into a record by {@code with}; an {@link IllegalArgumentException}
     * from there is a problem of this key, and the record remains as it was.
     */
    <R, T> R change(R record, String key, ValueParser<T> kind, BiFunction<R, T, R> with) {
        return put(record, key, value(key, kind), with);
    }

    /** As {@link #change}, for a list of texts, or one text that {@code split} makes a list of. */
    <R> R changeWords(R record, String key, Function<String, List<String>> split, BiFunction<R, List<String>, R> with) {
        return put(record, key, find(key).flatMap(entry -> describe(entry, pathOf(key), split)), with);
    }

    private <R, T> R put(R record, String key, Optional<T> value, BiFunction<R, T, R> with) {
        try {
            return value.isPresent() ? with.apply(record, value.get()) : record;
        } catch (IllegalArgumentException e) {
            refuse(key, String.valueOf(e.getMessage()));
            return record;
        }
    }

    private Optional<List<String>> describe(Mapping.Entry entry, String at, Function<String, List<String>> split) {
        if (!(entry.value() instanceof Sequence list)) {
            return read(entry, at, ValueParser.of(split));
        }
        List<String> words = new ArrayList<>();
        int number = 0;
        for (Sequence.Item item : list.items()) {
            number++;
            read(new Mapping.Entry(item.place(), item.value()), at + "[" + number + "]", ValueParser.TEXT)
                    .ifPresent(words::add);
        }
        return words.size() == number ? Optional.of(words) : Optional.empty();
    }

    private <T> Optional<T> read(Mapping.Entry entry, String at, ValueParser<T> kind) {
        if (entry.value() instanceof Refused) {
            return Optional.empty();
        }
        if (!(entry.value() instanceof Scalar scalar)) {
            findings.add(
                    entry.place(),
                    at,
                    "must be a single value, not " + entry.value().label());
            return Optional.empty();
        }
        if (scalar.isNothing()) {
            findings.add(entry.place(), at, "has no value; a text that is empty or 'null' goes into quotes");
            return Optional.empty();
        }
        try {
            return Optional.of(kind.read(scalar));
        } catch (IllegalArgumentException e) {
            findings.add(entry.place(), at, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** Tells of every key that nobody has asked for. */
    void refuseOthers() {
        for (String key : entries.keySet()) {
            if (!known.contains(key)) {
                String hint = Suggestion.closest(key, known)
                        .map(close -> "; did you mean '" + close + "'?")
                        .orElseGet(() -> "; there are " + String.join(", ", known));
                refuse(key, "is not a key here" + hint);
            }
        }
    }

    private Optional<Mapping.Entry> find(String key) {
        known.add(key);
        return Optional.ofNullable(entries.get(key));
    }

    private String pathOf(String key) {
        return YamlFrame.join(path, ValueParser.shortened(key));
    }
}
