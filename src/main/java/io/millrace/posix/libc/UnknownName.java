// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** The error message for an unknown name, the same in every interface. Stateless; any thread. */
public final class UnknownName {
    private static final int MAX_LISTED = 20;

    private UnknownName() {}

    /**
     * Returns one line: {@code there is no pool 'wall'; there are wal, staging}.
     *
     * @param kind the kind of object in the singular
     * @param name the requested name; shown in its display form
     * @param known the existing names, in the order in which they are to be listed
     */
    public static String message(String kind, String name, Collection<String> known) {
        return message(kind, List.of(name), known);
    }

    /** Like {@link #message(String, String, Collection)}, for several unknown names. */
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
