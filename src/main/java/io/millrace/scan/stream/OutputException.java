// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.stream;

import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;

/** Standard output, or whatever a {@link FileStreamer} sends to, takes no more: no other file will fare better. */
public final class OutputException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Errno errno;

    OutputException(PosixException cause) {
        super(cause.getMessage(), cause);
        this.errno = cause.errno();
    }

    /** Whether nobody reads any more, which is no error of anybody's. */
    public boolean isClosed() {
        return errno == Errno.EPIPE;
    }
}
