// SPDX-License-Identifier: Apache-2.0
package io.millrace.units;

import java.util.regex.Pattern;

/** Parses decimal counts, such as the number of files to read at a time. Stateless; any thread. */
public final class WholeNumber {
    /** A leading zero is refused, because YAML 1.1 and C read the rest as octal. */
    private static final Pattern FORM = Pattern.compile("-?(0|[1-9][0-9]*)");

    private WholeNumber() {}

    /** Throws an {@link IllegalArgumentException} whose message says what is wrong with the text. */
    public static int parse(String text) {
        return parse(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** Like {@link #parse(String)}, for a number from {@code min} to {@code max}. */
    public static int parse(String text, int min, int max) {
        String number = text.strip();
        if (!FORM.matcher(number).matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number");
        }
        try {
            int value = Integer.parseInt(number);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw outside(text, min, max);
        }
        throw outside(text, min, max);
    }

    private static IllegalArgumentException outside(String text, int min, int max) {
        return new IllegalArgumentException("'" + text + "' is not within " + min + " to " + max);
    }
}
