// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

/**
 * A difference between a file and its manifest.
 *
 * @param what {@code size}, or the name of a digest
 * @param expected value in the manifest: bytes, or hexadecimal digits
 * @param actual value of the file
 * @param manifest path of the manifest as given
 * @param line line number, from 1
 */
public record Difference(String what, String expected, String actual, String manifest, int line) {
    public static final String SIZE = "size";

    public boolean isOfSize() {
        return what.equals(SIZE);
    }
}
