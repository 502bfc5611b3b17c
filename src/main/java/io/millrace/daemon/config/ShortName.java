// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import java.util.regex.Pattern;

/** The name of a pool or a source: it becomes a label of metrics, part of a JMX name, and of a file's. */
final class ShortName {
    /** Instead of one that was refused. */
    static final String STAND_IN = "-";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");

    private ShortName() {}

    /** The key of {@code section}, or {@link #STAND_IN} and a problem. */
    static String checked(Section section, String key) {
        if (FORM.matcher(key).matches()) {
            return key;
        }
        section.refuse(
                key, "a name is made of letters, digits, '.', '-' and '_', 64 at most, and does not begin with a dot");
        return STAND_IN;
    }
}
