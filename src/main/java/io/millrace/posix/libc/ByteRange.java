// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

/**
 * A range of bytes in a file. Immutable.
 *
 * @param offsetBytes its start, 0 or more
 * @param lengthBytes its length, 0 or more; the end never exceeds {@link Long#MAX_VALUE}
 */
public record ByteRange(long offsetBytes, long lengthBytes) {
    public ByteRange {
        if (offsetBytes < 0 || lengthBytes < 0 || offsetBytes > Long.MAX_VALUE - lengthBytes) {
            throw new IllegalArgumentException("no such range of bytes: " + offsetBytes + "+" + lengthBytes);
        }
    }

    /** Returns the range from one offset (inclusive) to another (exclusive). */
    public static ByteRange between(long startBytes, long endBytes) {
        return new ByteRange(startBytes, endBytes - startBytes);
    }

    /** Returns the end of a range, at most {@link Long#MAX_VALUE}: no file is longer. */
    public static long endOf(long offsetBytes, long lengthBytes) {
        return offsetBytes > Long.MAX_VALUE - lengthBytes ? Long.MAX_VALUE : offsetBytes + lengthBytes;
    }

    /** Returns the next multiple of a unit after an offset, at most {@link Long#MAX_VALUE}. */
    public static long endOfUnit(long offsetBytes, long unitBytes) {
        return endOf(offsetBytes / unitBytes * unitBytes, unitBytes);
    }

    /** The first offset after the range. */
    public long endBytes() {
        return offsetBytes + lengthBytes;
    }

    public boolean isEmpty() {
        return lengthBytes == 0;
    }

    @Override
    public String toString() {
        return offsetBytes + "+" + lengthBytes;
    }
}
