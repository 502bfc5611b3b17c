// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.daemon.config.YamlNode.Mapping;
import io.millrace.daemon.config.YamlNode.Refused;
import io.millrace.daemon.config.YamlNode.Scalar;
import io.millrace.posix.libc.BytePath;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Builds a tree from the events of the YAML parser and reports everything that is valid YAML but not allowed in a
 * configuration: anchors, aliases, merge keys, tags, duplicate keys, keys that are not text, and a second document. One
 * instance for each text.
 *
 * <p>It uses events rather than the nodes of the library, because events give the location of an alias, and deep
 * nesting does not use stack.
 */
final class YamlTree {
    private static final int MAX_DEEP = 32;

    /** Bounds the memory of the tree; the parser itself needs little. */
    private static final int MAX_EVENTS = 50_000;

    private final Problems findings;
    private final Deque<YamlFrame> open = new ArrayDeque<>();
    private YamlNode root = new Mapping(Map.of());
    private boolean begun;
    private boolean done;
    private int events;
    private SourceLocation place = SourceLocation.START;

    private YamlTree(Problems findings) {
        this.findings = findings;
    }

    /** Returns the root of the tree; empty if the text is not YAML, which is then reported to {@code findings}. */
    static Optional<YamlNode> parse(String text, Problems findings) {
        var tree = new YamlTree(findings);
        var settings =
                LoadSettings.builder().setCodePointLimit(SourceText.MAX_BYTES).build();
        try {
            for (Event event : new Parse(settings).parseString(text)) {
                tree.take(event);
                if (tree.done) {
                    break;
                }
            }
            return tree.open.isEmpty() ? Optional.of(tree.root) : Optional.empty();
        } catch (MarkedYamlEngineException e) {
            SourceLocation at = e.getProblemMark().map(YamlTree::place).orElse(tree.place);
            findings.add(at, "", explain(e));
        } catch (YamlEngineException | IllegalArgumentException e) { // the latter is for \UFFFFFFFF in quotes
            findings.add(tree.place, "", "invalid YAML from here: " + e.getMessage());
        }
        return Optional.empty();
    }

    private static String explain(MarkedYamlEngineException e) {
        String problem = String.valueOf(e.getProblem()).replaceFirst(" \\(Do not use .*", "");
        String context = e.getContext();
        if (context == null || context.isEmpty()) {
            return problem;
        }
        String where = e.getContextMark()
                .map(mark -> " of line " + (mark.getLine() + 1))
                .orElse("");
        return context + where + ": " + problem;
    }

    private static SourceLocation place(Mark mark) {
        return new SourceLocation(mark.getLine() + 1, mark.getColumn() + 1);
    }

    private void take(Event event) {
        place = event.getStartMark().map(YamlTree::place).orElse(place);
        events++;
        if (events > MAX_EVENTS) {
            findings.add(place, "", "the file has too many keys and values up to here");
            done = true;
            return;
        }
        if (event instanceof DocumentStartEvent) {
            if (begun) {
                findings.add(place, "", "a second document starts here; only one is supported");
                done = true;
            }
            begun = true;
        } else if (event instanceof CollectionEndEvent) {
            YamlFrame ended = open.pop();
            put(ended.place(), ended.end());
        } else if (event instanceof CollectionStartEvent start) {
            begin(start);
        } else if (event instanceof ScalarEvent scalar) {
            put(
                    place,
                    accepted(scalar, scalar.getTag()) && fits(scalar.getValue())
                            ? new Scalar(scalar.getValue(), scalar.isPlain())
                            : new Refused());
        } else if (event instanceof AliasEvent alias) {
            findings.add(place, path(), "*" + alias.getAlias() + ": aliases are not supported; write the value out");
            put(place, new Refused());
        }
    }

    private void begin(CollectionStartEvent start) {
        boolean keyed = start instanceof MappingStartEvent;
        boolean accepted = accepted(start, start.getTag());
        open.push(new YamlFrame(path(), place, keyed, accepted, findings));
        if (open.size() > MAX_DEEP) {
            findings.add(place, "", "more than " + MAX_DEEP + " nested levels");
            done = true;
        }
    }

    private void put(SourceLocation at, YamlNode node) {
        if (open.isEmpty()) {
            root = node;
        } else {
            open.peek().put(at, node);
        }
    }

    /** Returns the key path of the next value. */
    private String path() {
        return open.isEmpty() ? "" : open.peek().path();
    }

    private boolean accepted(NodeEvent event, Optional<String> tag) {
        event.getAnchor()
                .ifPresent(anchor ->
                        findings.add(place, path(), "&" + anchor + ": anchors are not supported; write the value out"));
        tag.ifPresent(name -> findings.add(place, path(), name + ": tags are not read here"));
        return event.getAnchor().isEmpty() && tag.isEmpty();
    }

    /** Returns whether every character is allowed; an escape in double quotes can denote an invalid code point. */
    private boolean fits(String text) {
        if (text.indexOf('\0') >= 0) {
            findings.add(place, path(), "a value cannot hold a NUL byte");
            return false;
        }
        try {
            var unused = BytePath.encode(text);
            return true;
        } catch (IllegalArgumentException e) { // a lone surrogate that does not encode a byte
            findings.add(place, path(), "a value cannot hold half a character (a lone surrogate)");
            return false;
        }
    }
}
