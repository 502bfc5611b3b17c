// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

/** Why a line of a manifest cannot be used; without a stack trace, since there may be millions. */
final class MalformedLineException extends Exception {
    private static final long serialVersionUID = 1L;

    /** {@code why}: what the line is, without the name of the manifest. */
    MalformedLineException(String why) {
        super(why, null, false, false);
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
