// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import java.util.Set;

/** How openat2(2) may walk to the file (Linux 5.6). */
public enum Resolve {
    NO_XDEV(0x01),
    NO_MAGICLINKS(0x02),
    NO_SYMLINKS(0x04),
    BENEATH(0x08),
    IN_ROOT(0x10);

    final int bits;

    Resolve(int bits) {
        this.bits = bits;
    }

    static int bits(Set<Resolve> ways) {
        int bits = 0;
        for (Resolve way : ways) {
            bits |= way.bits;
        }
        return bits;
    }
}
