// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

/** Both ends of a pipe, owned until they are handed on or closed. */
public record Pipe(OwnedFd readEnd, OwnedFd writeEnd) implements AutoCloseable {
    @Override
    public void close() {
        readEnd.close();
        writeEnd.close();
    }
}
