// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

/** Draws bars of characters. */
final class Bar {
    private Bar() {}

    /** Draws a fraction from 0 to 1 as {@code [=====>    ]}; the width does not include the brackets. */
    static String draw(double part, int width) {
        int full = (int) Math.round(part * width);
        String head = full > 0 && full < width ? ">" : full > 0 ? "=" : "";
        return "[" + "=".repeat(Math.max(0, full - 1)) + head + " ".repeat(width - full) + "]";
    }
}
