// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import java.io.IOException;

/** Thrown if a manifest as a whole cannot be used; the message is one line that names it. */
public final class ManifestException extends IOException {
    private static final long serialVersionUID = 1L;

    ManifestException(String message) {
        super(message);
    }
}
