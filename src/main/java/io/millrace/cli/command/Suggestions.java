// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.command;

import io.millrace.daemon.config.Suggestion;
import java.util.Optional;
import java.util.Set;

/** Formats messages about unknown names, with a suggestion. */
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
