// SPDX-License-Identifier: Apache-2.0
package io.millrace.units;

/** Which characters of a text may be shown to people as they are. Stateless; any thread. */
public final class Text {
    private Text() {}

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
