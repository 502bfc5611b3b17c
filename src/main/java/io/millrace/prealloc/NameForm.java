// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.BytePath;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@link NamePattern} taken apart, to make and read thousands of names. Immutable. */
final class NameForm {
    private static final Pattern FORM =
            Pattern.compile("((?:[^%]|%%)*)%(?:0([1-9][0-9]?))?([dx])((?:[^%]|%%)*)", Pattern.DOTALL);
    private static final int LONGEST_NAME = 255; // NAME_MAX (limits.h)
    private static final int HEXADECIMAL = 16;
    private static final int DECIMAL = 10;

    private final byte[] before;
    private final byte[] after;
    private final int width;
    private final int radix;

    private NameForm(byte[] before, byte[] after, int width, int radix) {
        this.before = before;
        this.after = after;
        this.width = width;
        this.radix = radix;
    }

    /** Throws {@link IllegalArgumentException} that says what is wrong. */
    static NameForm of(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw wrong(text, "needs one number in it, as %d, %x or %016x");
        }
        byte[] before = BytePath.encode(form.group(1).replace("%%", "%"));
        byte[] after = BytePath.encode(form.group(4).replace("%%", "%"));
        int width = form.group(2) == null ? 1 : Integer.parseInt(form.group(2));
        var names = new NameForm(before, after, width, form.group(3).equals("x") ? HEXADECIMAL : DECIMAL);
        if (text.indexOf('/') >= 0 || text.indexOf('\0') >= 0) {
            throw wrong(text, "cannot have a slash or a NUL in it");
        }
        if (text.startsWith(Parent.HIDDEN_PREFIX)) {
            throw wrong(text, "begins as the names of files that are being made");
        }
        if (names.name(Long.MAX_VALUE).length > LONGEST_NAME) {
            throw wrong(text, "gives names of more than " + LONGEST_NAME + " bytes");
        }
        return names;
    }

    private static IllegalArgumentException wrong(String text, String why) {
        return new IllegalArgumentException("the name '" + BytePath.display(BytePath.encode(text)) + "' " + why);
    }

    byte[] name(long number) {
        String digits = Long.toString(number, radix);
        int zeros = Math.max(0, width - digits.length());
        byte[] name = Arrays.copyOf(before, before.length + zeros + digits.length() + after.length);
        Arrays.fill(name, before.length, before.length + zeros, (byte) '0');
        for (int i = 0; i < digits.length(); i++) {
            name[before.length + zeros + i] = (byte) digits.charAt(i);
        }
        System.arraycopy(after, 0, name, name.length - after.length, after.length);
        return name;
    }

    OptionalLong number(byte[] name) {
        int end = name.length - after.length;
        if (end <= before.length
                || !Arrays.equals(name, 0, before.length, before, 0, before.length)
                || !Arrays.equals(name, end, name.length, after, 0, after.length)) {
            return OptionalLong.empty();
        }
        long number = 0;
        for (int at = before.length; at < end; at++) {
            int digit = Character.digit(name[at], radix);
            if (digit < 0 || number > (Long.MAX_VALUE - digit) / radix) {
                return OptionalLong.empty();
            }
            number = number * radix + digit;
        }
        return Arrays.equals(name(number), name) ? OptionalLong.of(number) : OptionalLong.empty();
    }
}
