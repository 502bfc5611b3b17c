// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

/**
 * In what a file is not what a manifest says.
 *
 * @param what {@code size}, or the name of a digest
 * @param expected the manifest's: bytes, or hexadecimal digits
 * @param actual the file's
 * @param manifest as it was named
 * @param line from 1
 */
public record Difference(String what, String expected, String actual, String manifest, int line) {
    public static final String SIZE = "size";

    public boolean isOfSize() {
        return what.equals(SIZE);
    }
}
