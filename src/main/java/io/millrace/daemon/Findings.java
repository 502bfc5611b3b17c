// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.posix.BytePath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is found wrong while one file is read. One thread. */
final class Findings {
    /** Enough to work on; the messages of a hopeless file would fill the heap. */
    private static final int MOST = 1000;

    private final String file;
    private final List<Problem> problems = new ArrayList<>();
    private int more;

    Findings(BytePath file) {
        this.file = file.display();
    }

    /** {@code key}: with those above it, {@code workers.index.mode}; empty for the file as a whole. */
    void add(Place place, String key, String message) {
        if (problems.size() == MOST) {
            more++;
            return;
        }
        problems.add(new Problem(file, place.line(), place.column(), key, message));
    }

    boolean isEmpty() {
        return problems.isEmpty();
    }

    /** All of them, in the order of the file. */
    ConfigurationException toException() {
        problems.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
        if (more > 0) {
            Problem last = problems.get(MOST - 1);
            problems.add(new Problem(file, last.line(), last.column(), "", "and " + more + " more problems"));
        }
        return new ConfigurationException(problems);
    }
}
