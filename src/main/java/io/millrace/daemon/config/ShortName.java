// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import java.util.regex.Pattern;

/** The name of a pool or a source. It is used as a label of metrics, in a JMX name and in a file name. */
final class ShortName {
    /** Replaces a name that was refused. */
    static final String STAND_IN = "-";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");

    private ShortName() {}

    /** Returns the key of {@code section} if it is valid; otherwise reports a problem and returns {@link #STAND_IN}. */
    static String checked(Section section, String key) {
        if (FORM.matcher(key).matches()) {
            return key;
        }
        section.refuse(
                key, "a name is made of letters, digits, '.', '-' and '_', 64 at most, and does not begin with a dot");
        return STAND_IN;
    }
}
