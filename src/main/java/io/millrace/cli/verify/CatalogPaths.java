// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.verify;

import io.millrace.catalog.Catalog;
import io.millrace.catalog.CatalogException;
import io.millrace.catalog.CatalogReader;
import io.millrace.posix.libc.BytePath;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All names of a catalog, read in parts as they are needed. One thread at a time; its creator closes it. */
final class CatalogPaths implements Iterator<BytePath>, AutoCloseable {
    private static final int PART = 1000;

    private final Catalog catalog;
    private final Deque<BytePath> part = new ArrayDeque<>();
    private @Nullable CatalogReader reader;
    private Optional<BytePath> last = Optional.empty();
    private boolean isAtEnd;

    CatalogPaths(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Throws {@link UncheckedIOException} where the catalog cannot be read. */
    @Override
    public boolean hasNext() {
        if (part.isEmpty() && !isAtEnd) {
            try {
                CatalogReader open = reader;
                if (open == null) {
                    open = catalog.reader();
                    reader = open;
                }
                part.addAll(open.pathsAfter(last, PART));
            } catch (CatalogException e) {
                throw new UncheckedIOException(e);
            }
            isAtEnd = part.isEmpty();
        }
        return !part.isEmpty();
    }

    @Override
    public BytePath next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        BytePath next = part.remove();
        last = Optional.of(next);
        return next;
    }

    @Override
    public void close() throws CatalogException {
        if (reader != null) {
            reader.close();
        }
    }
}
