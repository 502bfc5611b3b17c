// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

/**
 * A run of bytes in a file.
 *
 * @param offsetBytes where it starts, 0 or more
 * @param lengthBytes how long it is, 0 or more; the end never exceeds {@link Long#MAX_VALUE}
 */
public record ByteRange(long offsetBytes, long lengthBytes) {
    public ByteRange {
        if (offsetBytes < 0 || lengthBytes < 0 || offsetBytes > Long.MAX_VALUE - lengthBytes) {
            throw new IllegalArgumentException("no such range of bytes: " + offsetBytes + "+" + lengthBytes);
        }
    }

    /** From one offset up to, and without, another. */
    public static ByteRange between(long startBytes, long endBytes) {
        return new ByteRange(startBytes, endBytes - startBytes);
    }

    /** The first byte after so many from an offset, {@link Long#MAX_VALUE} at most: no file is longer. */
    public static long endOf(long offsetBytes, long lengthBytes) {
        return offsetBytes > Long.MAX_VALUE - lengthBytes ? Long.MAX_VALUE : offsetBytes + lengthBytes;
    }

    /** The next multiple of a unit after an offset, {@link Long#MAX_VALUE} at most. */
    public static long endOfUnit(long offsetBytes, long unitBytes) {
        return endOf(offsetBytes / unitBytes * unitBytes, unitBytes);
    }

    /** The first byte after the range. */
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
