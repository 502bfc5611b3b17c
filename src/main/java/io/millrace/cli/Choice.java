// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.pagecache.ReadStrategy;
import io.millrace.posix.IoPriority;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Values of options that have words of their own, and what the shell's completion offers of them. */
final class Choice {
    private Choice() {}

    /** What {@code --strategy} accepts. */
    static final class Strategies implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.concat(
                            Stream.of("auto"),
                            Arrays.stream(ReadStrategy.values()).map(ReadStrategy::words))
                    .iterator();
        }
    }

    /** What {@code --io-class} accepts, without the level. */
    static final class Priorities implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("idle", "best-effort", "realtime").iterator();
        }
    }

    /** {@code auto}, or the strategy that this scan is forced to. */
    record Strategy(Optional<ReadStrategy> forced) {
        static final class Converter implements ITypeConverter<Strategy> {
            @Override
            public Strategy convert(String text) {
                if (text.equals("auto")) {
                    return new Strategy(Optional.empty());
                }
                return Arrays.stream(ReadStrategy.values())
                        .filter(strategy -> strategy.words().equals(text))
                        .findFirst()
                        .map(strategy -> new Strategy(Optional.of(strategy)))
                        .orElseThrow(() -> new TypeConversionException(
                                "'" + text + "' is not one of auto, dontcache, drop-behind, plain"));
            }
        }
    }

    /** {@code idle}, {@code best-effort:7}, {@code realtime:0}. */
    static final class PriorityConverter implements ITypeConverter<IoPriority> {
        @Override
        public IoPriority convert(String text) {
            try {
                return IoPriority.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
