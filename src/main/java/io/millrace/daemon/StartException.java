// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import java.io.IOException;

/** The service cannot start, for want of something that is not in its configuration file; the message is one line. */
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

    /** Whether the same may succeed later (a port that is taken), or somebody has to change something first. */
    public boolean mayHelpToTryAgain() {
        return mayHelpToTryAgain;
    }
}
