// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.command;

import io.millrace.daemon.config.Suggestion;
import java.util.Optional;
import java.util.Set;

/** Messages about names that do not exist, with the one that may have been meant. */
public final class Suggestions {
    private Suggestions() {}

    public static String unknownCommand(String name, Set<String> known) {
        String meant = known.isEmpty() ? "" : "; there are " + String.join(", ", known);
        return "no command '" + name + "'" + meant(name, known).orElse(meant);
    }

    public static Optional<String> meant(String name, Set<String> known) {
        return Suggestion.closest(name, known).map(close -> "; did you mean " + close + "?");
    }
}
