// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.catalog;

import io.millrace.catalog.CatalogException;
import io.millrace.catalog.CatalogReader;
import io.millrace.catalog.FileDue;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The files of a source, those that were verified on the device the longest ago first, each once. One thread at a time. */
final class DueFiles {
    private static final int PART = 1000;

    private final CatalogReader reader;
    private final SourceTrees trees;
    private final long beforeSeconds;
    private final Deque<FileDue> part = new ArrayDeque<>();
    private Optional<FileDue> last = Optional.empty();
    private long lastId = -1;
    private boolean isAtEnd;

    /** {@code beforeSeconds}: only those last verified on the device before, or never. */
    DueFiles(CatalogReader reader, SourceTrees trees, long beforeSeconds) {
        this.reader = reader;
        this.trees = trees;
        this.beforeSeconds = beforeSeconds;
        this.isAtEnd = trees.roots().isEmpty();
    }

    /** Null after the last one. */
    @Nullable FileDue next() throws CatalogException {
        while (true) {
            if (part.isEmpty() && !isAtEnd) {
                var more = reader.oldestOnDevice(trees.roots(), beforeSeconds, last, PART);
                part.addAll(more);
                isAtEnd = more.isEmpty();
            }
            FileDue due = part.poll();
            if (due == null) {
                return null;
            }
            last = Optional.of(due);
            if (due.id() != lastId && trees.admits(due.path())) {
                lastId = due.id();
                return due;
            }
        }
    }
}
