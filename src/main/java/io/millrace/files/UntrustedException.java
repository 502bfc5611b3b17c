// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import io.millrace.posix.libc.BytePath;
import java.io.IOException;

/** Another user could replace or read the file at a path. The message is one line that names the path and the user. */
public final class UntrustedException extends IOException {
    private static final long serialVersionUID = 1L;

    UntrustedException(BytePath path, String why) {
        super(path + ": " + why);
    }
}
