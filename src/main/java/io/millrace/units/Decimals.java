// SPDX-License-Identifier: Apache-2.0
package io.millrace.units;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Formats decimal numbers as {@code %.2f} does in the root locale, but without a Formatter, whose locale data takes 10
 * ms to load. Stateless; any thread.
 */
public final class Decimals {
    private Decimals() {}

    /** Formats with this many digits after the point, rounded half up. {@code value} is finite. */
    public static String format(double value, int digits) {
        return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP).toPlainString();
    }
}
