// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

/**
 * Thrown if a line of a manifest cannot be used. It has no stack trace, because there may be millions of such lines.
 */
final class MalformedLineException extends Exception {
    private static final long serialVersionUID = 1L;

    /** {@code why}: what is wrong with the line, without the name of the manifest. */
    MalformedLineException(String why) {
        super(why, null, false, false);
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
