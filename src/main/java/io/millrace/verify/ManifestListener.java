// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

/**
 * Receives the problems that {@link ManifestReader} finds, one line each. The thread that loads the manifests calls it.
 */
public interface ManifestListener {
    /** {@code message}: {@code MANIFEST:LINE: problem}, or {@code MANIFEST: problem}. */
    void onProblem(String message);
}
