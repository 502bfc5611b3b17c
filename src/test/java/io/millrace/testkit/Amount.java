// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import java.util.Locale;

/**
 * How much a test does that could go on for ever: rounds of a generator, bytes, zones. {@code -Dmillrace.amount=few} is
 * for {@code ./build check}, {@code full} for a night; without it a test does what shows most faults within seconds.
 */
public enum Amount {
    FEW,
    USUAL,
    FULL;

    /** Of this JVM. */
    public static final Amount NOW =
            valueOf(System.getProperty("millrace.amount", "usual").toUpperCase(Locale.ROOT));

    /** One of three numbers, unless a property of the test's own has another. */
    public static int of(String property, int few, int usual, int full) {
        return Integer.getInteger(property, of(few, usual, full));
    }

    /** One of three numbers. */
    public static int of(int few, int usual, int full) {
        return switch (NOW) {
            case FEW -> few;
            case USUAL -> usual;
            case FULL -> full;
        };
    }

    public static boolean isFull() {
        return NOW == FULL;
    }
}
