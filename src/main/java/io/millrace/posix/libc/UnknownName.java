// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** What is said, on every face, of a name that nothing has. Stateless; any thread. */
public final class UnknownName {
    private static final int MAX_LISTED = 20;

    private UnknownName() {}

    /**
     * One line: {@code there is no pool 'wall'; there are wal, staging}.
     *
     * @param kind of the thing in the singular
     * @param name as it was asked for; shown in its display form
     * @param known the names that there are, in the order in which they are to be listed
     */
    public static String message(String kind, String name, Collection<String> known) {
        return message(kind, List.of(name), known);
    }

    /** As {@link #message(String, String, Collection)}, of several names that nothing has. */
    public static String message(String kind, List<String> names, Collection<String> known) {
        String unknown = names.stream()
                .map(name -> "'" + BytePath.display(BytePath.encode(name)) + "'")
                .collect(Collectors.joining(", ", "there is no " + kind + " ", ""));
        if (known.isEmpty()) {
            return unknown + ", nor any other " + kind;
        }
        List<String> first = known.stream().limit(MAX_LISTED).toList();
        int more = known.size() - first.size();
        return unknown + "; there " + (known.size() == 1 ? "is " : "are ") + String.join(", ", first)
                + (more > 0 ? " and " + more + " more" : "");
    }
}
