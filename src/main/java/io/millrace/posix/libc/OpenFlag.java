// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import java.util.Set;

/** Flags of open(2). O_CLOEXEC is not among them because every open here has it. */
public enum OpenFlag {
    READ_ONLY(0),
    WRITE_ONLY(1),
    READ_WRITE(2),
    CREATE(0x40),
    EXCLUSIVE(0x80),
    NO_CONTROLLING_TERMINAL(0x100),
    TRUNCATE(0x200),
    APPEND(0x400),
    NONBLOCK(0x800),
    /** Requires ownership of the file or CAP_FOWNER, else EPERM. */
    NO_ATIME(0x4_0000),
    /** O_PATH: refers to the file without opening it; only for {@code statx} and as a directory for openat(2). */
    PATH(0x20_0000),
    DIRECT(Abi.HERE.oDirect),
    DIRECTORY(Abi.HERE.oDirectory),
    NO_FOLLOW(Abi.HERE.oNofollow),
    /**
     * O_TMPFILE: creates a file without a name in the directory that is opened; not every file system supports it
     * (Linux 3.11).
     */
    TEMPORARY(Abi.HERE.oTmpfile);

    public static final int O_CLOEXEC = 0x8_0000;

    public final int bits;

    OpenFlag(int bits) {
        this.bits = bits;
    }

    public static int bits(Set<OpenFlag> flags) {
        int bits = O_CLOEXEC;
        for (OpenFlag flag : flags) {
            bits |= flag.bits;
        }
        return bits;
    }
}
