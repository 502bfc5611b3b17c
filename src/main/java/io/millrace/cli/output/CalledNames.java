// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which commands a command line may call: only those have to be made. */
public final class CalledNames {
    /** For the help, and for telling what may have been meant. */
    public static final CalledNames ALL = new CalledNames(Set.of());

    private final Set<String> words;

    private CalledNames(Set<String> words) {
        this.words = words;
    }

    public static CalledNames of(String... arguments) {
        return new CalledNames(Set.copyOf(List.of(arguments)));
    }

    /** Those names that are words of the command line, where one is; else all. */
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
