// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A failed system call. The message says which call, on what, over which bytes, and why; it is one line that can be
 * shown to a user as it is, and control bytes in names are escaped.
 */
public final class PosixException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final Errno errno;

    /** {@code subject} is the display form of a path, or another name of the object of the call. */
    public PosixException(String call, Errno errno, Object subject) {
        this(call, errno, subject, null);
    }

    public PosixException(String call, Errno errno, Object subject, @Nullable ByteRange range) {
        this(call, errno, errno.message(), subject, range);
    }

    /** Creates one from an error number, which the message contains even if {@link Errno} does not know it. */
    public PosixException(String call, int number, Object subject, @Nullable ByteRange range) {
        this(call, Errno.of(number), Errno.describe(number), subject, range);
    }

    private PosixException(String call, Errno errno, String words, Object subject, @Nullable ByteRange range) {
        super(subject + ": " + call + (range == null ? "" : " at " + range) + ": " + words + " (" + errno + ")");
        this.call = call;
        this.errno = errno;
    }

    /** The name of the system call or C function, as in its man page. */
    public String call() {
        return call;
    }

    public Errno errno() {
        return errno;
    }

    public boolean is(Errno expected) {
        return errno == expected;
    }
}
