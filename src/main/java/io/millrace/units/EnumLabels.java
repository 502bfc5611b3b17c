// SPDX-License-Identifier: Apache-2.0
package io.millrace.units;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The words by which people and programs name enum constants: {@code PER_FILE} is {@code per-file}. Any thread. */
public final class EnumLabels {
    private EnumLabels() {}

    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the labels in the order of the constants. */
    public static List<String> of(Collection<? extends Enum<?>> constants) {
        return constants.stream().map(EnumLabels::of).toList();
    }

    /** Finds the constant with this label, in lower case. */
    public static <E extends Enum<E>> Optional<E> find(Collection<E> constants, String label) {
        return constants.stream().filter(constant -> of(constant).equals(label)).findFirst();
    }

    /** Returns an exception, for the caller to throw, which says that {@code text} is none of at least two labels. */
    public static IllegalArgumentException unknown(List<String> labels, String text) {
        int last = labels.size() - 1;
        return new IllegalArgumentException("'" + text + "' is not one of " + String.join(", ", labels.subList(0, last))
                + " or " + labels.get(last));
    }
}
