// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.stream;

import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;

/**
 * Thrown when the output of a {@link FileStreamer} accepts no more bytes, so that sending further files is pointless.
 */
public final class OutputException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Errno errno;

    OutputException(PosixException cause) {
        super(cause.getMessage(), cause);
        this.errno = cause.errno();
    }

    /** Whether the reader has closed the pipe (EPIPE), which callers do not report as an error. */
    public boolean isClosed() {
        return errno == Errno.EPIPE;
    }
}
