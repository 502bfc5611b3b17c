// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

/**
 * CRC-32C of two runs of bytes together, from the CRC of each: appending n bytes multiplies the first CRC, a polynomial over
 * GF(2), by x^(8n) modulo Castagnoli's polynomial. As crc32_combine of zlib, which has another polynomial. Stateless.
 */
public final class Crc32cCombiner {
    /** Castagnoli's, with the bits reversed: bit 31 is x^0. */
    private static final int POLYNOMIAL = 0x82F63B78;

    private static final int ONE = 1 << 31;

    /** x^(2^k), enough for 8 times the longest file. */
    private static final int[] POWERS = powers();

    private Crc32cCombiner() {}

    private static int[] powers() {
        var powers = new int[Long.SIZE + 3];
        powers[0] = 1 << 30;
        for (int k = 1; k < powers.length; k++) {
            powers[k] = multiply(powers[k - 1], powers[k - 1]);
        }
        return powers;
    }

    /** The CRC of {@code first}'s bytes followed by {@code second}'s, which are so many. */
    public static int combine(int first, int second, long secondLengthBytes) {
        return append(first, second, shiftBy(secondLengthBytes));
    }

    /** By what a CRC is multiplied when so many bytes follow; worth keeping where many runs have one length. */
    static int shiftBy(long lengthBytes) {
        int product = ONE;
        int k = 3; // 8 bits a byte
        for (long rest = lengthBytes; rest != 0; rest >>>= 1) {
            if ((rest & 1) != 0) {
                product = multiply(POWERS[k], product);
            }
            k++;
        }
        return product;
    }

    static int append(int first, int second, int shift) {
        return multiply(shift, first) ^ second;
    }

    private static int multiply(int a, int b) {
        int product = 0;
        int factor = b;
        for (int bit = ONE; bit != 0; bit >>>= 1) {
            if ((a & bit) != 0) {
                product ^= factor;
            }
            factor = (factor & 1) != 0 ? factor >>> 1 ^ POLYNOMIAL : factor >>> 1;
        }
        return product;
    }
}
