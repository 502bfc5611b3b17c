// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.OwnedFd;
import java.io.IOException;

/**
 * One file on its way to a durable reservation: {@link #reserve}, fsync, {@link #survey}, {@link #publish}, and {@link
 * #withdraw} after any of them failed. Used by one thread; {@link #close} last.
 */
interface PendingFile extends AutoCloseable {
    BytePath path();

    OwnedFd file();

    /** Takes the blocks and keeps the reserve. */
    void reserve() throws IOException;

    /** What the file system counts now. Fails where the blocks are not there although the calls succeeded. */
    Reservation survey() throws IOException;

    /** Gives the file its name, if it has none yet: EEXIST where another came first. */
    void publish() throws IOException;

    /** Gives back what was taken, the name included. */
    void withdraw() throws IOException;

    @Override
    default void close() {
        file().close();
    }
}
