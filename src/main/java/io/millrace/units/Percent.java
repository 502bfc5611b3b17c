// SPDX-License-Identifier: Apache-2.0
package io.millrace.units;

import java.util.regex.Pattern;

/** Parses percentages: {@code 20%}, {@code 2.5%}. Stateless; any thread. */
public final class Percent {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)%");
    private static final double ALL = 100;

    private Percent() {}

    /**
     * Returns 0 to 100. Throws an {@link IllegalArgumentException} whose message says what is wrong with the text. The
     * sign is mandatory.
     */
    public static double parse(String text) {
        var form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a share; write 20% or 2.5%");
        }
        double percent = Double.parseDouble(form.group(1));
        if (percent > ALL) {
            throw new IllegalArgumentException("'" + text + "' is not within 0% to 100%");
        }
        return percent;
    }
}
