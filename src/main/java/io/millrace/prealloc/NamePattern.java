// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.BytePath;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * How a pool's files are called: a text with one number in it, as {@code segment-%016x} or {@code wal.%d}. Immutable.
 *
 * @param text one of {@code %d}, {@code %x}, {@code %0Nd} and {@code %0Nx}, the last two with zeros in front up to N
 *     digits; {@code %%} is a percent sign; bytes that are not UTF-8 stand as in {@link BytePath#of(String)}
 */
public record NamePattern(String text) {
    /** What file systems allow for one name. */
    private static final int MOST_BYTES = 255;

    private static final Pattern TOKEN = Pattern.compile("%(?:(%)|(?:0([1-9][0-9]{0,2}))?([dx]))?");

    /** Throws {@link IllegalArgumentException} that says what is wrong. */
    public NamePattern {
        var shape = Shape.of(text);
        byte[] longest = shape.name(Long.MAX_VALUE);
        if (longest.length > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "the names would have up to " + longest.length + " bytes, more than " + MOST_BYTES);
        }
        if (longest[0] == '.') {
            throw new IllegalArgumentException("a name that begins with a dot would be hidden");
        }
        for (byte b : longest) {
            if (b == '/' || b == 0) {
                throw new IllegalArgumentException("a name has no " + (b == 0 ? "NUL byte" : "slash") + " in it");
            }
        }
    }

    /** The name with this number, 0 and more; {@link IllegalArgumentException} for a negative one. */
    public String name(long number) {
        return BytePath.decode(Shape.of(text).name(number));
    }

    /** The number in a name that {@link #name} could have given; empty for any other name. */
    public OptionalLong number(byte[] name) {
        return Shape.of(text).number(name);
    }

    @Override
    public String toString() {
        return text;
    }

    /** The text taken apart: what stands before the number, its form, and what stands behind. */
    private record Shape(byte[] before, int digits, int radix, byte[] behind) {
        static Shape of(String text) {
            var literal = new StringBuilder();
            byte[] before = null;
            int digits = 1;
            int radix = 0;
            int at = 0;
            var token = TOKEN.matcher(text);
            while (token.find()) {
                literal.append(text, at, token.start());
                at = token.end();
                if (token.group(1) != null) {
                    literal.append('%');
                } else if (token.group(3) == null) {
                    throw wrong("what follows a percent sign is d, x, 0Nd, 0Nx or another percent sign");
                } else if (before != null) {
                    throw wrong("there is one number in a name, not two");
                } else {
                    before = BytePath.encode(literal.toString());
                    literal.setLength(0);
                    digits = token.group(2) == null ? 1 : Integer.parseInt(token.group(2));
                    radix = token.group(3).equals("d") ? 10 : 16;
                }
            }
            if (before == null) {
                throw wrong("there is no number in the name; write %d, or as in segment-%016x");
            }
            literal.append(text, at, text.length());
            return new Shape(before, digits, radix, BytePath.encode(literal.toString()));
        }

        private static IllegalArgumentException wrong(String why) {
            return new IllegalArgumentException(why);
        }

        byte[] name(long number) {
            if (number < 0) {
                throw wrong("a name's number is 0 and more, not " + number);
            }
            String form = radix == 10 ? "d" : "x";
            byte[] middle = BytePath.encode(String.format(Locale.ROOT, "%0" + digits + form, number));
            byte[] name = Arrays.copyOf(before, before.length + middle.length + behind.length);
            System.arraycopy(middle, 0, name, before.length, middle.length);
            System.arraycopy(behind, 0, name, before.length + middle.length, behind.length);
            return name;
        }

        OptionalLong number(byte[] name) {
            long number = 0;
            int end = name.length - behind.length;
            for (int i = before.length; i < end; i++) {
                int digit = name[i] < 0 ? -1 : Character.digit(name[i], radix);
                if (digit < 0 || number > (Long.MAX_VALUE - digit) / radix) {
                    return OptionalLong.empty();
                }
                number = number * radix + digit;
            }
            // Capital letters, a zero too many and whatever stands around it show in the comparison.
            return Arrays.equals(name(number), name) ? OptionalLong.of(number) : OptionalLong.empty();
        }
    }
}
