// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import io.millrace.posix.libc.BytePath;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * A parsed {@link NamePattern}, which formats and parses names efficiently. Immutable.
 *
 * @param before the bytes before the number
 * @param digits minimum number of digits, padded with zeros
 */
record FileNameFormat(byte[] before, int digits, int radix, byte[] behind) {
    private static final Pattern TOKEN = Pattern.compile("%(?:(%)|(?:0([1-9][0-9]{0,2}))?([dx]))?");
    private static final int DECIMAL = 10;
    private static final int HEXADECIMAL = 16;

    /** Throws an {@link IllegalArgumentException} whose message says what is wrong. */
    static FileNameFormat of(String text) {
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
                radix = token.group(3).equals("d") ? DECIMAL : HEXADECIMAL;
            }
        }
        if (before == null) {
            throw wrong("there is no number in the name; write %d, or as in segment-%016x");
        }
        literal.append(text, at, text.length());
        return new FileNameFormat(before, digits, radix, BytePath.encode(literal.toString()));
    }

    private static IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException(why);
    }

    byte[] name(long number) {
        if (number < 0) {
            throw wrong("a name's number is 0 and more, not " + number);
        }
        String shown = Long.toString(number, radix);
        int zeros = Math.max(0, digits - shown.length());
        byte[] name = Arrays.copyOf(before, before.length + zeros + shown.length() + behind.length);
        Arrays.fill(name, before.length, before.length + zeros, (byte) '0');
        for (int i = 0; i < shown.length(); i++) {
            name[before.length + zeros + i] = (byte) shown.charAt(i);
        }
        System.arraycopy(behind, 0, name, name.length - behind.length, behind.length);
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
        // The comparison rejects upper-case letters, surplus zeros and any other text around the number.
        return Arrays.equals(name(number), name) ? OptionalLong.of(number) : OptionalLong.empty();
    }
}
