// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;

/**
 * The directory for persistent state, used by one service at a time. A lock on the file {@code lock} in it ensures
 * this; the kernel releases the lock when the process ends, however it ends. The file names the process that holds it.
 * {@link Service} opens and closes it.
 */
final class StateDirectory implements AutoCloseable {
    private final Posix posix;
    private final ServiceDirectory directory;

    private StateDirectory(Posix posix, ServiceDirectory directory) {
        this.posix = posix;
        this.directory = directory;
    }

    /** Creates the directory if it does not exist. Refuses a directory in which another user could replace entries. */
    static StateDirectory open(Posix posix, BytePath path) throws StartException {
        return new StateDirectory(posix, ServiceDirectory.open(posix, "the state directory", path, "lock"));
    }

    BytePath path() {
        return directory.path();
    }

    /** Returns a subdirectory, which is created if it does not exist. */
    BytePath below(String name) throws StartException {
        return directory.below(posix, name);
    }

    @Override
    public void close() {
        directory.close();
    }
}
