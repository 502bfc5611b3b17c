// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.command;

import io.millrace.pagecache.ReadStrategy;
import io.millrace.posix.IoPriority;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Parsers of options with their own words, which shell completion offers. */
public final class OptionConverters {
    private OptionConverters() {}

    /** Accepts the values of {@code --strategy}: {@code auto}, or a strategy that the scan must use. */
    public static final class Strategies implements ArgumentParser<Optional<ReadStrategy>> {
        private static final String AUTO = "auto";

        @Override
        public Iterator<String> iterator() {
            List<String> words = new ArrayList<>(List.of(AUTO));
            for (ReadStrategy strategy : ReadStrategy.values()) {
                words.add(strategy.label());
            }
            return words.iterator();
        }

        @Override
        public Optional<ReadStrategy> parse(String text) {
            if (text.equals(AUTO)) {
                return Optional.empty();
            }
            for (ReadStrategy strategy : ReadStrategy.values()) {
                if (strategy.label().equals(text)) {
                    return Optional.of(strategy);
                }
            }
            throw new IllegalArgumentException("'" + text + "' is not one of auto, dontcache, drop-behind, plain");
        }
    }

    /** Accepts {@code idle}, {@code best-effort:7}, {@code realtime:0}; shell completion omits the level. */
    public static final class Priorities implements ArgumentParser<IoPriority> {
        @Override
        public Iterator<String> iterator() {
            return List.of("idle", "best-effort", "realtime").iterator();
        }

        @Override
        public IoPriority parse(String text) {
            return IoPriority.parse(text);
        }
    }
}
