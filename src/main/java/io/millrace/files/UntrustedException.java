// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import io.millrace.posix.libc.BytePath;
import java.io.IOException;

/** Somebody else could exchange or read what is kept at a path. One line that names the path and who. */
public final class UntrustedException extends IOException {
    private static final long serialVersionUID = 1L;

    UntrustedException(BytePath path, String why) {
        super(path + ": " + why);
    }
}
