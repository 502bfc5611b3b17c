// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.OwnedFd;
import java.io.IOException;

/**
 * One file on its way to a durable reservation: {@link #reserve}, fsync, {@link #survey}, {@link #publish}, and
 * {@link #withdraw} after any of them failed. Used by one thread, which calls {@link #close} last.
 */
interface PendingFile extends AutoCloseable {
    BytePath path();

    OwnedFd file();

    /** Allocates the blocks and enforces the reserve. */
    void reserve() throws IOException;

    /** Measures what the file system has allocated. Fails if the blocks are not there although the calls succeeded. */
    Reservation survey() throws IOException;

    /** Gives the file its name, if it has none yet; fails with EEXIST if the name was created meanwhile. */
    void publish() throws IOException;

    /** Rolls back: releases the blocks and removes the name. */
    void withdraw() throws IOException;

    @Override
    default void close() {
        file().close();
    }
}
