// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;
import java.net.BindException;
import java.util.Objects;
import java.util.stream.Stream;

/** The service cannot start for a reason outside its configuration file; the message is one line. */
public final class StartException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean mayHelpToTryAgain;

    StartException(String message, boolean mayHelpToTryAgain, Throwable cause) {
        super(message, cause);
        this.mayHelpToTryAgain = mayHelpToTryAgain;
    }

    StartException(String message, boolean mayHelpToTryAgain) {
        super(message);
        this.mayHelpToTryAgain = mayHelpToTryAgain;
    }

    /** Wraps an error of another part of the program. */
    static StartException of(IOException e) {
        boolean isPort = Stream.iterate((Throwable) e, Objects::nonNull, Throwable::getCause)
                .anyMatch(BindException.class::isInstance);
        boolean isSpace = e instanceof PosixException posix && isSpace(posix);
        return new StartException(String.valueOf(e.getMessage()), isPort || isSpace, e);
    }

    static boolean isSpace(PosixException e) {
        return e.is(Errno.ENOSPC) || e.is(Errno.EDQUOT);
    }

    /** Returns whether a retry may succeed (a port in use), or somebody has to change something first. */
    public boolean mayHelpToTryAgain() {
        return mayHelpToTryAgain;
    }
}
