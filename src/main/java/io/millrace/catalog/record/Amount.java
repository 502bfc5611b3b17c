// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

/** Files and their lengths together. */
public record Amount(long files, long bytes) {
    public static final Amount ZERO = new Amount(0, 0);

    public Amount plus(Amount other) {
        return new Amount(files + other.files, bytes + other.bytes);
    }
}
