// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.daemon.config.YamlNode.Scalar;
import java.util.List;
import java.util.stream.Collectors;

/** Parses the name of a worker that the file defines. */
final class WorkerNames implements ValueParser<String> {
    /** The limit of names that a message lists. */
    private static final int MAX_LISTED = 10;

    private final List<String> names;

    /** @param names all workers of the file, including invalid ones, which must not be reported as missing too */
    WorkerNames(List<String> names) {
        this.names = names;
    }

    @Override
    public String read(Scalar scalar) {
        if (names.contains(scalar.text())) {
            return scalar.text();
        }
        throw new IllegalArgumentException(
                "this file has no worker " + ValueParser.quoted(scalar) + hint(scalar.text()));
    }

    private String hint(String name) {
        if (names.isEmpty()) {
            return ", nor any other";
        }
        return Suggestion.closest(name, names)
                .map(close -> "; did you mean '" + close + "'?")
                .orElseGet(() -> "; there are "
                        + names.stream()
                                .limit(MAX_LISTED)
                                .map(ValueParser::shortened)
                                .collect(Collectors.joining(", "))
                        + (names.size() > MAX_LISTED ? " and others" : ""));
    }
}
