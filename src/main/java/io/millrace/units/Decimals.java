// SPDX-License-Identifier: Apache-2.0
package io.millrace.units;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Decimal numbers for people, as {@code %.2f} writes them in the root locale, without a Formatter: its locale data takes 10 ms to load. */
public final class Decimals {
    private Decimals() {}

    /** So many digits behind the point, half up. {@code value}: finite. */
    public static String format(double value, int digits) {
        return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP).toPlainString();
    }
}
