// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

/** Receives the manifest lines that describe a file. */
@FunctionalInterface
interface LineSink {
    /** {@code number}: line number, from 1. */
    void onLine(ManifestLine line, int number);
}
