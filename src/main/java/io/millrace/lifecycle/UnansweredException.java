// SPDX-License-Identifier: Apache-2.0
package io.millrace.lifecycle;

import java.io.IOException;

/** A call did not return within its time limit, as on a mount whose server is gone; it may still return later. */
public final class UnansweredException extends IOException {
    private static final long serialVersionUID = 1;

    /** @param message one line: what was called, and for how long there was no answer */
    public UnansweredException(String message) {
        super(message);
    }
}
