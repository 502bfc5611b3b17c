// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.pagecache.CachePolicy;
import io.millrace.posix.Advice;
import io.millrace.scan.DigestAlgorithm;
import io.millrace.worker.SlowPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Values of options that are one of a few: as the help shows them, a shell completes them, and they are read. */
final class OptionValues {
    /** What people write for a value, beside its own name. */
    private static final Map<String, String> ALIASES =
            Map.of("sha-1", "sha1", "sha-256", "sha256", "sha-512", "sha512", "xxh3-64", "xxh3");

    private OptionValues() {}

    /** Of a type, for completion; picocli makes it by its constructor without arguments. */
    private abstract static class Of extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Of(Enum<?>... values) {
            super(Arrays.stream(values).map(OptionValues::word).toList());
        }
    }

    static final class Digests extends Of {
        private static final long serialVersionUID = 1L;

        Digests() {
            super(DigestAlgorithm.values());
        }
    }

    static final class Policies extends Of {
        private static final long serialVersionUID = 1L;

        Policies() {
            super(CachePolicy.values());
        }
    }

    static final class Fallbacks extends Of {
        private static final long serialVersionUID = 1L;

        Fallbacks() {
            super(CachePolicy.DROP, CachePolicy.KEEP);
        }
    }

    static final class Whens extends Of {
        private static final long serialVersionUID = 1L;

        Whens() {
            super(When.values());
        }
    }

    static final class Formats extends Of {
        private static final long serialVersionUID = 1L;

        Formats() {
            super(ScanCommand.Format.values());
        }
    }

    static final class SlowPolicies extends Of {
        private static final long serialVersionUID = 1L;

        SlowPolicies() {
            super(SlowPolicy.values());
        }
    }

    static final class Advices extends Of {
        private static final long serialVersionUID = 1L;

        Advices() {
            super(Advice.values());
        }
    }

    static final class Strategies extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Strategies() {
            super(List.of("auto", "dontcache", "drop-behind", "plain"));
        }
    }

    static final class IoClasses extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        IoClasses() {
            super(List.of("idle", "best-effort", "realtime"));
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Reads one of the values of a type, in either case. */
    static <E extends Enum<E>> ITypeConverter<E> converter(Class<E> type) {
        return text -> {
            String lower = text.toLowerCase(Locale.ROOT);
            String wanted = type == DigestAlgorithm.class ? ALIASES.getOrDefault(lower, lower) : lower;
            return Arrays.stream(type.getEnumConstants())
                    .filter(value -> word(value).equals(wanted))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is not one of "
                            + Arrays.stream(type.getEnumConstants())
                                    .map(OptionValues::word)
                                    .collect(Collectors.joining(", "))));
        };
    }
}
