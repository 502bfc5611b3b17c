// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.client;

import java.io.IOException;

/** The service cannot be reached: it does not run, or the connection was lost. One line. */
public final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreachableException(String message) {
        super(message);
    }

    UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
