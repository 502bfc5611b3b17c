// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads {@code runtime-directory} alone out of a file that may be wrong in any other way, half-way edited above all, so
 * that whoever steers a running service finds it. Neither does the directory have to be there. Stateless.
 */
final class RuntimeDirectoryKey {
    private static final String KEY = "runtime-directory";
    /** A line of its own at the top level: no mistake before or after it matters. */
    private static final Pattern LINE = Pattern.compile("(?m)^(?:" + KEY + "|\"" + KEY + "\"|'" + KEY + "')\\s*:.*$");

    private RuntimeDirectoryKey() {}

    /** Empty where the file has no such key, or no single value for it. */
    static Optional<BytePath> read(Posix posix, BytePath file) throws IOException {
        var checks = new PathChecks(posix, PathChecks.AT_RELOAD);
        String text = new String(checks.content(file), StandardCharsets.UTF_8);
        ConfigurationPaths home = ConfigurationPaths.of(posix, checks, file);
        var line = LINE.matcher(text);
        return (line.find() ? value(line.group()) : Optional.<String>empty())
                .or(() -> value(text))
                .flatMap(path -> {
                    try {
                        return Optional.of(home.absolute(path));
                    } catch (IllegalArgumentException e) { // no name of any file
                        return Optional.empty();
                    }
                });
    }

    private static Optional<String> value(String text) {
        var settings = LoadSettings.builder()
                .setCodePointLimit(Integer.MAX_VALUE) // SourceText has bounded it
                .build();
        int depth = 0;
        boolean isKeyNext = false;
        boolean isValueNext = false;
        try {
            for (Event event : new Parse(settings).parseString(text)) {
                if (isValueNext) {
                    return event instanceof ScalarEvent scalar
                                    && !scalar.getValue().isEmpty()
                            ? Optional.of(scalar.getValue())
                            : Optional.empty();
                }
                if (event instanceof CollectionStartEvent) {
                    depth++;
                    isKeyNext = depth == 1 && event instanceof MappingStartEvent;
                } else if (event instanceof CollectionEndEvent) {
                    depth--;
                    isKeyNext = depth == 1;
                } else if (depth == 1 && event instanceof NodeEvent) {
                    isValueNext = isKeyNext
                            && event instanceof ScalarEvent scalar
                            && scalar.getValue().equals(KEY);
                    isKeyNext = !isKeyNext;
                }
            }
        } catch (YamlEngineException | IllegalArgumentException e) {
            return Optional.empty(); // up to there it is not said
        }
        return Optional.empty();
    }
}
