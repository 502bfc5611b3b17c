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
 * Reads only {@code runtime-directory} from a file that may be invalid in any other way, for example while it is being
 * edited, so that {@code millrace ctl} finds a running service. The directory need not exist. Stateless.
 */
final class RuntimeDirectoryKey {
    private static final String KEY = "runtime-directory";
    /** Matches a line at the top level, so that errors before or after it do not matter. */
    private static final Pattern LINE = Pattern.compile("(?m)^(?:" + KEY + "|\"" + KEY + "\"|'" + KEY + "')\\s*:.*$");

    private RuntimeDirectoryKey() {}

    /** Returns empty if the file has no such key, or no single value for it. */
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
                    } catch (IllegalArgumentException e) { // the value is not a valid path
                        return Optional.empty();
                    }
                });
    }

    private static Optional<String> value(String text) {
        var settings = LoadSettings.builder()
                .setCodePointLimit(Integer.MAX_VALUE) // SourceText limits the size
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
            return Optional.empty(); // the key does not occur before the syntax error
        }
        return Optional.empty();
    }
}
