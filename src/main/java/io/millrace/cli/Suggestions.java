// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.daemon.Suggestion;
import java.util.Optional;
import java.util.Set;

/** Messages about names that do not exist, with the one that may have been meant. */
final class Suggestions {
    private Suggestions() {}

    static String unknownCommand(String name, Set<String> known) {
        String meant = known.isEmpty() ? "" : "; there are " + String.join(", ", known);
        return "no command '" + name + "'" + meant(name, known).orElse(meant);
    }

    static Optional<String> meant(String name, Set<String> known) {
        return Suggestion.closest(name, known).map(close -> "; did you mean " + close + "?");
    }
}
