// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.daemon.config.YamlNode.Scalar;
import io.millrace.units.ByteRate;
import io.millrace.units.ByteSize;
import io.millrace.units.Durations;
import io.millrace.units.EnumLabels;
import io.millrace.units.Percent;
import io.millrace.units.WholeNumber;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** Parses a single value. An invalid value causes an {@link IllegalArgumentException} that says why. */
@FunctionalInterface
interface ValueParser<T> {
    /** Accepts any scalar as written, including numbers. */
    ValueParser<String> TEXT = Scalar::text;

    ValueParser<Boolean> FLAG = scalar -> {
        if (!scalar.text().equals("true") && !scalar.text().equals("false")) {
            throw new IllegalArgumentException(quoted(scalar) + " is not true or false");
        }
        checkPlain(scalar);
        return scalar.text().equals("true");
    };

    /** Parses a decimal number. */
    ValueParser<Integer> WHOLE = plain(WholeNumber::parse);

    ValueParser<Duration> DURATION = of(Durations::parse);

    ValueParser<ByteSize> SIZE = of(ByteSize::parse);

    /** A size in bytes of something that is held in memory. */
    ValueParser<Integer> SMALL_SIZE = scalar -> {
        long bytes = SIZE.read(scalar).bytes();
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(quoted(scalar) + " is out of range");
        }
        return (int) bytes;
    };

    ValueParser<Double> PERCENT = of(Percent::parse);

    ValueParser<ByteRate> RATE = of(ByteRate::parse);

    /** A message may quote a part of a value, which may be most of it. */
    int LONGEST_MESSAGE = 1_000;

    T read(Scalar scalar);

    /** Converts the value by {@code further}, which may refuse it with an {@link IllegalArgumentException}. */
    default <U> ValueParser<U> map(Function<T, U> further) {
        return scalar -> further.apply(read(scalar));
    }

    /** Parses a whole number within bounds. */
    static ValueParser<Integer> within(int least, int most) {
        return plain(text -> WholeNumber.parse(text, least, most));
    }

    /** Parses a size within bounds; {@code range} describes the bounds in the message. */
    static ValueParser<Long> sizeWithin(long least, long most, String range) {
        return scalar -> {
            long bytes = SIZE.read(scalar).bytes();
            if (bytes < least || bytes > most) {
                throw new IllegalArgumentException(quoted(scalar) + " is not within " + range);
            }
            return bytes;
        };
    }

    /** Uses a text parser that throws {@link IllegalArgumentException} and may quote the text in its message. */
    static <T> ValueParser<T> of(Function<String, T> parser) {
        return scalar -> {
            try {
                return parser.apply(scalar.text());
            } catch (IllegalArgumentException e) {
                String message = String.valueOf(e.getMessage()).replace(scalar.text(), shortened(scalar.text()));
                throw new IllegalArgumentException(shortened(message, LONGEST_MESSAGE), e);
            }
        };
    }

    /** Parses the name of an enum constant in lower case, {@code PER_FILE} as {@code per-file}. */
    static <E extends Enum<E>> ValueParser<E> oneOf(Class<E> type) {
        return oneOf(List.of(type.getEnumConstants()));
    }

    static <E extends Enum<E>> ValueParser<E> oneOf(List<E> constants) {
        return of(text ->
                EnumLabels.find(constants, text).orElseThrow(() -> EnumLabels.unknown(EnumLabels.of(constants), text)));
    }

    private static <T> ValueParser<T> plain(Function<String, T> parser) {
        return scalar -> {
            T value = of(parser).read(scalar);
            checkPlain(scalar);
            return value;
        };
    }

    private static void checkPlain(Scalar scalar) {
        if (!scalar.plain()) {
            throw new IllegalArgumentException(quoted(scalar) + " must stand without quotes");
        }
    }

    static String quoted(Scalar scalar) {
        return "'" + shortened(scalar.text()) + "'";
    }

    /** Shortens a text for a message. */
    static String shortened(String text) {
        return shortened(text, 60);
    }

    private static String shortened(String text, int most) {
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most)) + "…";
    }
}
