// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

/** Called by {@link ManifestReader} for what a person should know of a manifest. One line each. */
public interface ManifestListener {
    /** {@code MANIFEST:LINE: what is wrong or to be known}. */
    void onProblem(String message);
}
