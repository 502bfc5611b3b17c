// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.posix.libc.BytePath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects the problems found while one file is read. One thread. */
final class Problems {
    /** Bounds the memory for messages of a badly broken file; so many problems are enough to work on. */
    private static final int MOST = 1000;

    private final String file;
    private final List<ConfigurationProblem> problems = new ArrayList<>();
    private int more;

    Problems(BytePath file) {
        this.file = file.display();
    }

    /** @param key the full key, {@code workers.index.mode}; empty for the file as a whole */
    void add(SourceLocation place, String key, String message) {
        if (problems.size() == MOST) {
            more++;
            return;
        }
        problems.add(new ConfigurationProblem(file, place.line(), place.column(), key, message));
    }

    boolean isEmpty() {
        return problems.isEmpty();
    }

    /** Returns all problems, in the order of the file. */
    ConfigurationException toException() {
        problems.sort(
                Comparator.comparingInt(ConfigurationProblem::line).thenComparingInt(ConfigurationProblem::column));
        if (more > 0) {
            ConfigurationProblem last = problems.get(MOST - 1);
            problems.add(
                    new ConfigurationProblem(file, last.line(), last.column(), "", "and " + more + " more problems"));
        }
        return new ConfigurationException(problems);
    }
}
