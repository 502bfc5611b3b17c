// SPDX-License-Identifier: Apache-2.0
package io.millrace.lifecycle;

import java.io.IOException;

/** A call has not returned within its time, as on a mount whose server is gone; it may still return later. */
public final class UnansweredException extends IOException {
    private static final long serialVersionUID = 1;

    /** @param message one line: what was asked, and for how long nobody answered */
    public UnansweredException(String message) {
        super(message);
    }
}
