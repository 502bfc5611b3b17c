// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import java.util.Set;

/** Flags of splice(2), tee(2) and vmsplice(2). */
public enum SpliceFlag {
    MOVE(1),
    /** EAGAIN instead of waiting for the pipe. */
    NONBLOCK(2),
    MORE(4),
    /** vmsplice only: the pages are given away and may never be written again. */
    GIFT(8);

    final int bits;

    SpliceFlag(int bits) {
        this.bits = bits;
    }

    static int bits(Set<SpliceFlag> flags) {
        int bits = 0;
        for (SpliceFlag flag : flags) {
            bits |= flag.bits;
        }
        return bits;
    }
}
