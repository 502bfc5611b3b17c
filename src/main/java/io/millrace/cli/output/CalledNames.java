// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The commands that a command line may call: only those have to be built. */
public final class CalledNames {
    /** All commands, for the help and for suggestions. */
    public static final CalledNames ALL = new CalledNames(Set.of());

    private final Set<String> words;

    private CalledNames(Set<String> words) {
        this.words = words;
    }

    public static CalledNames of(String... arguments) {
        return new CalledNames(Set.copyOf(List.of(arguments)));
    }

    /** Returns those names that occur in the command line, or all if none does. */
    public List<String> among(List<String> names) {
        List<String> called = new ArrayList<>();
        for (String name : names) {
            if (words.contains(name)) {
                called.add(name);
            }
        }
        return called.isEmpty() ? names : called;
    }
}
