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
 * The keys of one mapping, read one after the other. Invalid values are added to the {@link Problems}, and the reader
 * continues with a default. {@link #refuseOthers} must be called last. One thread.
 */
final class Section {
    private final String path;
    private final SourceLocation place;
    private final Map<String, Mapping.Entry> entries;
    private final Problems findings;

    /** False if the whole section was refused, so that missing keys are not reported again. */
    private final boolean sound;

    /** Every key that was read, whether or not the file has it. */
    private final Set<String> known = new LinkedHashSet<>();

    private Section(String path, SourceLocation place, Mapping mapping, boolean sound, Problems findings) {
        this.path = path;
        this.place = place;
        this.entries = mapping.entries();
        this.sound = sound;
        this.findings = findings;
    }

    /** Returns the top-level section; it has no keys if the top level is not a mapping. */
    static Section top(YamlNode root, Problems findings) {
        return of("", SourceLocation.START, root, findings);
    }

    /** An empty value is a section without keys, so that all its keys can be commented out. */
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

    /** Returns the section below this key; it has no keys if the file does not have it. */
    Section section(String key) {
        return find(key)
                .map(entry -> of(pathOf(key), entry.place(), entry.value(), findings))
                .orElseGet(() -> new Section(pathOf(key), place, new Mapping(Map.of()), sound, findings));
    }

    /** Returns all keys of a section whose keys are names, in the order of the file. */
    List<String> names() {
        return List.copyOf(entries.keySet());
    }

    /** Returns whether the file has this key, with any value. */
    boolean has(String key) {
        return find(key).isPresent();
    }

    /** Returns whether the value of this key is an empty list. */
    boolean isEmptyList(String key) {
        return find(key)
                .map(Mapping.Entry::value)
                .filter(value -> value instanceof Sequence list && list.items().isEmpty()
                        || value instanceof Scalar scalar && scalar.isNothing())
                .isPresent();
    }

    /** Marks keys as known that another reader reads. */
    void leave(List<String> keys) {
        known.addAll(keys);
    }

    /** Returns the location of a key, or that of the section if the key is missing. */
    SourceLocation placeOf(String key) {
        Mapping.Entry entry = entries.get(key);
        return entry == null ? place : entry.place();
    }

    /** Reports a problem of a key. */
    void refuse(String key, String message) {
        findings.add(placeOf(key), pathOf(key), message);
    }

    /** Reports a problem if the key is missing. */
    void require(String key) {
        if (sound && !entries.containsKey(key)) {
            refuse(key, "is required and missing");
        }
    }

    /** Returns the value of a key as parsed by {@code kind}; empty if it is missing or invalid. */
    <T> Optional<T> value(String key, ValueParser<T> kind) {
        return find(key).flatMap(entry -> read(entry, pathOf(key), kind));
    }

    /**
     * Returns the list below a key, each value parsed by {@code kind}; empty if the key is missing. A problem names the
     * index of the value. Duplicates are refused.
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

    /** An empty value is an empty list, so that all its items can be commented out. */
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
     * Puts the value of a key, if present, into a record by {@code with}. An {@link IllegalArgumentException} of
     * {@code with} is a problem of this key, and the record stays unchanged.
     */
    <R, T> R change(R record, String key, ValueParser<T> kind, BiFunction<R, T, R> with) {
        return put(record, key, value(key, kind), with);
    }

    /** Like {@link #change}, for a list of texts, or for one text that {@code split} splits into a list. */
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

    /** Reports every key that was not read. */
    void refuseOthers() {
        for (String key : entries.keySet()) {
            if (!known.contains(key)) {
                String hint = Suggestion.closest(key, known)
                        .map(close -> "; did you mean '" + close + "'?")
                        .orElseGet(() -> "; there are " + String.join(", ", known));
                refuse(key, "unknown key" + hint);
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
