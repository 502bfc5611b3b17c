// SPDX-License-Identifier: Apache-2.0
package io.millrace.lifecycle;

import java.util.ArrayDeque;
import java.util.Deque;

/** What was opened one after the other, to be closed in reverse, all of it whatever fails. One thread. */
public final class Closer implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** Takes over the closing of something, and gives it back. */
    public <T extends AutoCloseable> T add(T part) {
        open.push(part);
        return part;
    }

    /** Throws what failed first, and what failed after it as suppressed. */
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
