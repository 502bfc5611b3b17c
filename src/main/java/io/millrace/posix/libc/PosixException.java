// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A system call that failed: which call, on what, over which bytes, and why. The message is one line that
 * can be shown to a user as it is; control bytes in names are escaped.
 */
public final class PosixException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final Errno errno;

    /** {@code subject} is the display form of a path or another word for what the call worked on. */
    public PosixException(String call, Errno errno, Object subject) {
        this(call, errno, subject, null);
    }

    public PosixException(String call, Errno errno, Object subject, @Nullable ByteRange range) {
        this(call, errno, errno.message(), subject, range);
    }

    /** From the number as the kernel gave it, which the message keeps even where {@link Errno} does not know it. */
    public PosixException(String call, int number, Object subject, @Nullable ByteRange range) {
        this(call, Errno.of(number), Errno.describe(number), subject, range);
    }

    private PosixException(String call, Errno errno, String words, Object subject, @Nullable ByteRange range) {
        super(subject + ": " + call + (range == null ? "" : " at " + range) + ": " + words + " (" + errno + ")");
        this.call = call;
        this.errno = errno;
    }

    /** The name of the system call or C function, as its man page has it. */
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
