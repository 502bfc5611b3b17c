// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

/** Hexadecimal digits in a line, in either case. */
final class Hex {
    private Hex() {}

    /** How many of them there are from {@code start} on. */
    static int count(byte[] line, int start) {
        int at = start;
        while (at < line.length && Character.digit(line[at], 16) >= 0) {
            at++;
        }
        return at - start;
    }

    /** Their value; {@code length} is even, and all of them are such digits. */
    static byte[] parse(byte[] line, int start, int length) {
        byte[] value = new byte[length / 2];
        for (int i = 0; i < value.length; i++) {
            int at = start + 2 * i;
            value[i] = (byte) (Character.digit(line[at], 16) << 4 | Character.digit(line[at + 1], 16));
        }
        return value;
    }
}
