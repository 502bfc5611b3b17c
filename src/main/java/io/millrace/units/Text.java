// SPDX-License-Identifier: Apache-2.0
package io.millrace.units;

import java.util.Locale;

/** The words for constants and characters that people and programs see. Stateless; any thread. */
public final class Text {
    private Text() {}

    /** Returns {@code worker-failed} for {@code WORKER_FAILED}. */
    public static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns whether a character is shown as itself: it neither steers a terminal or browser nor is it invisible. */
    public static boolean isPrintable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT, // a bidirectional override can disguise a name
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }
}
