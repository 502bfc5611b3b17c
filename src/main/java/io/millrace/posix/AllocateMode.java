// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

/** What fallocate(2) does to a range. */
public enum AllocateMode {
    /** Reserves blocks and grows the file's length to the end of the range. */
    RESERVE(0x00),
    /** Reserves blocks and leaves the length alone. */
    RESERVE_KEEP_SIZE(0x01),
    /** Gives the blocks back, which then read as zeros; the length stays. */
    PUNCH_HOLE(0x03),
    /** Reserves blocks and makes the range read as zeros, without writing where the file system can. */
    ZERO(0x10),
    ZERO_KEEP_SIZE(0x11);

    final int bits;

    AllocateMode(int bits) {
        this.bits = bits;
    }
}
