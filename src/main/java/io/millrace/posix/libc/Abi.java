// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

/**
 * The numbers that differ between x86-64 and aarch64: system calls (asm/unistd.h) and four flags of open
 * (asm/fcntl.h). Everything else in this package is common to both; {@code ConstantsIT} compares all of it with the
 * system's headers.
 */
public enum Abi {
    X86_64(257, 437, 72, 16, 251, 451, 434, 157, 269, 202, 0x4000, 0x1_0000, 0x2_0000, 0x41_0000),
    AARCH64(56, 437, 25, 29, 30, 451, 434, 167, 48, 98, 0x1_0000, 0x4000, 0x8000, 0x40_4000);

    /** The architecture of this process. */
    public static final Abi HERE = of(System.getProperty("os.arch"));

    public final int openat;
    public final int openat2;
    public final int fcntl;
    public final int ioctl;
    public final int ioprioSet;
    public final int cachestat;
    public final int pidfdOpen;
    public final int prctl;
    public final int faccessat;
    public final int futex;
    public final int oDirect;
    public final int oDirectory;
    public final int oNofollow;
    public final int oTmpfile;

    Abi(
            int openat,
            int openat2,
            int fcntl,
            int ioctl,
            int ioprioSet,
            int cachestat,
            int pidfdOpen,
            int prctl,
            int faccessat,
            int futex,
            int oDirect,
            int oDirectory,
            int oNofollow,
            int oTmpfile) {
        this.openat = openat;
        this.openat2 = openat2;
        this.fcntl = fcntl;
        this.ioctl = ioctl;
        this.ioprioSet = ioprioSet;
        this.cachestat = cachestat;
        this.pidfdOpen = pidfdOpen;
        this.prctl = prctl;
        this.faccessat = faccessat;
        this.futex = futex;
        this.oDirect = oDirect;
        this.oDirectory = oDirectory;
        this.oNofollow = oNofollow;
        this.oTmpfile = oTmpfile;
    }

    static Abi of(String osArch) {
        return switch (osArch) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64" -> AARCH64;
            default -> throw new UnsupportedOperationException("no system call numbers for " + osArch);
        };
    }
}
