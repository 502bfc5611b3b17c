// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import io.millrace.posix.libc.BytePath;
import java.io.IOException;

/** A request named a path that is not below the configured roots, or is so only through {@code ..} or a link. */
public final class OutsideRootsException extends IOException {
    private static final long serialVersionUID = 1L;

    OutsideRootsException(BytePath path, String why) {
        super(path + ": " + why);
    }
}
