// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

/** Parses hexadecimal digits of either case. */
final class Hex {
    private Hex() {}

    /** Returns the number of hexadecimal digits from {@code start}. */
    static int count(byte[] line, int start) {
        int at = start;
        while (at < line.length && Character.digit(line[at], 16) >= 0) {
            at++;
        }
        return at - start;
    }

    /** Decodes {@code length} digits, which must be an even number of valid ones. */
    static byte[] parse(byte[] line, int start, int length) {
        byte[] value = new byte[length / 2];
        for (int i = 0; i < value.length; i++) {
            int at = start + 2 * i;
            value[i] = (byte) (Character.digit(line[at], 16) << 4 | Character.digit(line[at + 1], 16));
        }
        return value;
    }
}
