// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;

/**
 * The directory for what outlives the process, held by one service at a time: a lock on the file {@code lock} in it,
 * which the kernel lets go of with the process, however that ends. The file names the process that holds it.
 */
final class StateDirectory implements AutoCloseable {
    private final Posix posix;
    private final ServiceDirectory directory;

    private StateDirectory(Posix posix, ServiceDirectory directory) {
        this.posix = posix;
        this.directory = directory;
    }

    /** Makes the directory if it is not there. Refused where somebody else could exchange what is in it. */
    static StateDirectory open(Posix posix, BytePath path) throws StartException {
        return new StateDirectory(posix, ServiceDirectory.open(posix, "the state directory", path, "lock"));
    }

    BytePath path() {
        return directory.path();
    }

    /** A directory in it, made if it is not there. */
    BytePath below(String name) throws StartException {
        return directory.below(posix, name);
    }

    @Override
    public void close() {
        directory.close();
    }
}
