// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import io.millrace.posix.Directory;
import java.util.concurrent.atomic.AtomicInteger;

/** An open directory, closed when the walk and every thread that opens a file in it have let go of it. */
public final class SharedDirectory {
    private final Directory directory;
    private final AtomicInteger holders = new AtomicInteger(1);

    public SharedDirectory(Directory directory) {
        this.directory = directory;
    }

    /** Only while another holder has it. */
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
