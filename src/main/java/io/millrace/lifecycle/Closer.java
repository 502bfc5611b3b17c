// SPDX-License-Identifier: Apache-2.0
package io.millrace.lifecycle;

import java.util.ArrayDeque;
import java.util.Deque;

/** Closes resources in the reverse order in which they were added, all of them even if some fail. One thread. */
public final class Closer implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** Adds a resource to be closed, and returns it. */
    public <T extends AutoCloseable> T add(T part) {
        open.push(part);
        return part;
    }

    /** Throws the first failure, with the later ones as suppressed. */
    @Override
    public void close() throws Exception {
        Exception failure = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
