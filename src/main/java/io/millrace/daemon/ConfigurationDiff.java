// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.daemon.config.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Describes the differences between two configurations as text. */
final class ConfigurationDiff {
    private ConfigurationDiff() {}

    static String of(Configuration before, Configuration after) {
        List<String> clauses = new ArrayList<>();
        add(clauses, "pool", before.pools(), after.pools());
        add(clauses, "source", before.sources(), after.sources());
        add(clauses, "worker", before.workers(), after.workers());
        if (!before.http().equals(after.http())) {
            clauses.add("HTTP listener changed");
        }
        if (!before.jmx().equals(after.jmx())) {
            clauses.add("JMX listener changed");
        }
        if (!before.roots().equals(after.roots())) {
            clauses.add("roots changed");
        }
        if (before.totalRate() != after.totalRate()) {
            clauses.add("total scan rate changed");
        }
        if (!before.reserve().equals(after.reserve())) {
            clauses.add("reserve changed");
        }
        if (!before.scanDefaults().equals(after.scanDefaults())) {
            clauses.add("scan defaults changed");
        }
        if (!before.catalog().equals(after.catalog())) {
            clauses.add("catalog directory changed");
        }
        return clauses.isEmpty() ? "no changes" : String.join("; ", clauses);
    }

    private static <S> void add(List<String> clauses, String noun, Map<String, S> before, Map<String, S> after) {
        long added = after.keySet().stream()
                .filter(name -> !before.containsKey(name))
                .count();
        long removed = before.keySet().stream()
                .filter(name -> !after.containsKey(name))
                .count();
        long changed = after.entrySet().stream()
                .filter(entry ->
                        before.containsKey(entry.getKey()) && !entry.getValue().equals(before.get(entry.getKey())))
                .count();
        add(clauses, noun, added, "added");
        add(clauses, noun, changed, "changed");
        add(clauses, noun, removed, "removed");
    }

    private static void add(List<String> clauses, String noun, long count, String verb) {
        if (count > 0) {
            clauses.add(count + " " + noun + (count == 1 ? " " : "s ") + verb);
        }
    }
}
