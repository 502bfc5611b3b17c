// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

/** Takes the lines of a manifest that say something of a file. */
@FunctionalInterface
interface LineSink {
    /** {@code number}: of the line, from 1. */
    void onLine(ManifestLine line, int number);
}
