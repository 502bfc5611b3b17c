// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import io.millrace.posix.Directory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A reference-counted open directory, closed when the walk and every thread that opens a file in it have released it.
 * Any thread.
 */
public final class SharedDirectory {
    private final Directory directory;
    private final AtomicInteger holders = new AtomicInteger(1);

    public SharedDirectory(Directory directory) {
        this.directory = directory;
    }

    /** Adds a reference; the caller must already hold one. */
    SharedDirectory retain() {
        holders.incrementAndGet();
        return this;
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            directory.close();
        }
    }

    public Directory get() {
        return directory;
    }
}
