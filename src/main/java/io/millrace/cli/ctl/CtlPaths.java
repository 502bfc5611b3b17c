// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.ctl;

/** Paths that people type, for a service whose working directory is another. */
final class CtlPaths {
    private CtlPaths() {}

    /** Below the working directory of this process unless it is absolute; the empty one stays as it is, to be refused. */
    static String absolute(String path) {
        return path.isEmpty() || path.startsWith("/") ? path : System.getProperty("user.dir") + "/" + path;
    }
}
