// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.ctl;

/** Makes paths from the command line absolute, because the working directory of the service is another. */
final class CtlPaths {
    private CtlPaths() {}

    /**
     * Resolves a path against the working directory of this process. An empty path is returned unchanged, and will be
     * refused.
     */
    static String absolute(String path) {
        return path.isEmpty() || path.startsWith("/") ? path : System.getProperty("user.dir") + "/" + path;
    }
}
