// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import java.util.Set;

/** Flags of pipe2(2). O_CLOEXEC is not among them because every pipe here has it. */
public enum PipeFlag {
    NONBLOCK(0x800),
    /** Packet mode: each write is one read (Linux 3.4). */
    DIRECT(Abi.HERE.oDirect);

    final int bits;

    PipeFlag(int bits) {
        this.bits = bits;
    }

    static int bits(Set<PipeFlag> flags) {
        int bits = OpenFlag.O_CLOEXEC;
        for (PipeFlag flag : flags) {
            bits |= flag.bits;
        }
        return bits;
    }
}
