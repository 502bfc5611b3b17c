// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.daemon.config.YamlNode.Scalar;
import io.millrace.scan.throttle.RateLimiter;
import io.millrace.units.ByteSize;
import io.millrace.units.Durations;
import io.millrace.units.Text;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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

    Pattern WHOLE_FORM = Pattern.compile("-?(0|[1-9][0-9]*)");

    /** Parses a decimal number; a leading zero is refused because YAML 1.1 reads the rest as octal. */
    ValueParser<Integer> WHOLE = scalar -> {
        if (!WHOLE_FORM.matcher(scalar.text()).matches()) {
            throw new IllegalArgumentException(quoted(scalar) + " is not a whole number");
        }
        checkPlain(scalar);
        try {
            return Integer.parseInt(scalar.text());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(quoted(scalar) + " is out of range", e);
        }
    };

    /** Longer numbers are slow to parse and always invalid. */
    int LONGEST_NUMBER = 100;

    /** So many digits always fit into an int. */
    int LONGEST_INT = 9;

    ValueParser<Duration> DURATION = of(Durations::parse);

    ValueParser<ByteSize> SIZE = of(text -> ByteSize.parse(text.length() > LONGEST_NUMBER ? shortened(text) : text));

    /** A size in bytes of something that is held in memory. */
    ValueParser<Integer> SMALL_SIZE = scalar -> {
        long bytes = SIZE.read(scalar).bytes();
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(quoted(scalar) + " is out of range");
        }
        return (int) bytes;
    };

    Pattern PERCENT_FORM = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)%");

    /** A percentage from 0 to 100. */
    ValueParser<Double> PERCENT = scalar -> {
        var form = PERCENT_FORM.matcher(scalar.text());
        if (!form.matches()) {
            throw new IllegalArgumentException(quoted(scalar) + " is not a share; write 20% or 2.5%");
        }
        double percent = Double.parseDouble(form.group(1));
        if (percent > 100) {
            throw new IllegalArgumentException(quoted(scalar) + " is not within 0% to 100%");
        }
        return percent;
    };

    /** A rate of at least 1 byte per second. */
    ValueParser<Long> RATE = of(text -> RateLimiter.parse(text.length() > LONGEST_NUMBER ? shortened(text) : text));

    /** A message may quote a part of a value, which may be most of it. */
    int LONGEST_MESSAGE = 1_000;

    T read(Scalar scalar);

    /** Converts the value by {@code further}, which may refuse it with an {@link IllegalArgumentException}. */
    default <U> ValueParser<U> map(Function<T, U> further) {
        return scalar -> further.apply(read(scalar));
    }

    /** Parses a whole number within bounds. */
    static ValueParser<Integer> within(int least, int most) {
        return scalar -> {
            if (WHOLE_FORM.matcher(scalar.text()).matches() && scalar.text().length() > LONGEST_INT) {
                throw outside(scalar, least + " to " + most);
            }
            int number = WHOLE.read(scalar);
            if (number < least || number > most) {
                throw outside(scalar, least + " to " + most);
            }
            return number;
        };
    }

    /** Parses a size within bounds; {@code range} describes the bounds in the message. */
    static ValueParser<Long> sizeWithin(long least, long most, String range) {
        return scalar -> {
            long bytes = SIZE.read(scalar).bytes();
            if (bytes < least || bytes > most) {
                throw outside(scalar, range);
            }
            return bytes;
        };
    }

    private static IllegalArgumentException outside(Scalar scalar, String range) {
        return new IllegalArgumentException(quoted(scalar) + " is not within " + range);
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
        List<E> constants = Arrays.asList(type.getEnumConstants());
        return scalar -> constants.stream()
                .filter(constant -> Text.label(constant).equals(scalar.text()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(quoted(scalar) + " is not "
                        + constants.stream().map(Text::label).collect(Collectors.joining(" or "))));
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
