// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.command;

import io.millrace.pagecache.ReadStrategy;
import io.millrace.posix.IoPriority;
import io.millrace.units.EnumLabels;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Parsers of options with their own words, which shell completion offers. */
public final class OptionConverters {
    private OptionConverters() {}

    /** Accepts the values of {@code --strategy}: {@code auto}, or a strategy that the scan must use. */
    public static final class Strategies implements ArgumentParser<Optional<ReadStrategy>> {
        private static final String AUTO = "auto";

        @Override
        public Iterator<String> iterator() {
            return labels().iterator();
        }

        private static List<String> labels() {
            return Stream.concat(
                            Stream.of(AUTO),
                            Arrays.stream(ReadStrategy.values()).map(EnumLabels::of))
                    .toList();
        }

        @Override
        public Optional<ReadStrategy> parse(String text) {
            var strategy = EnumLabels.find(List.of(ReadStrategy.values()), text);
            if (strategy.isEmpty() && !text.equals(AUTO)) {
                throw EnumLabels.unknown(labels(), text);
            }
            return strategy;
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
