// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static io.millrace.posix.Check.checkErrno;
import static io.millrace.posix.Check.checkReturned;

import com.sun.jna.Memory;
import java.util.OptionalInt;

final class LinuxTerminalCalls implements TerminalCalls {
    static final long TCGETS = 0x5401;
    static final long TIOCGWINSZ = 0x5413;
    /** The kernel's struct termios has 36 bytes (asm-generic/termbits.h); room for more does no harm. */
    static final int TERMIOS_BYTES = 64;

    // Size and offset in struct winsize (asm-generic/termios.h).
    static final int WINSIZE_BYTES = 8;
    static final int WINSIZE_COLUMNS = 2;
    static final int NAME_BYTES = 64;

    @Override
    public OwnedFd openMaster() throws PosixException {
        int flags = OpenFlag.READ_WRITE.bits | OpenFlag.NO_CONTROLLING_TERMINAL.bits | OpenFlag.O_CLOEXEC;
        return OwnedFd.of(checkErrno("posix_openpt", "/dev/ptmx", () -> LibC.posix_openpt(flags)), "pseudo-terminal");
    }

    @Override
    public void grant(OwnedFd master) throws PosixException {
        checkErrno("grantpt", master, () -> LibC.grantpt(master.number()));
    }

    @Override
    public void unlock(OwnedFd master) throws PosixException {
        checkErrno("unlockpt", master, () -> LibC.unlockpt(master.number()));
    }

    @Override
    public BytePath slaveName(OwnedFd master) throws PosixException {
        try (var name = new Memory(NAME_BYTES)) {
            checkReturned("ptsname_r", master, null, () -> LibC.ptsname_r(master.number(), name, NAME_BYTES));
            return BytePath.of(name.getByteArray(0, (int) name.indexOf(0, (byte) 0)));
        }
    }

    @Override
    public OptionalInt columns(OwnedFd fd) {
        try (var size = new Memory(WINSIZE_BYTES)) {
            boolean known = Check.succeeds(() -> LibC.syscall(Abi.HERE.ioctl, fd.number(), TIOCGWINSZ, size));
            int columns = known ? size.getShort(WINSIZE_COLUMNS) & 0xFFFF : 0;
            return columns > 0 ? OptionalInt.of(columns) : OptionalInt.empty();
        }
    }

    @Override
    public boolean isTerminal(OwnedFd fd) {
        try (var termios = new Memory(TERMIOS_BYTES)) {
            return Check.succeeds(() -> LibC.syscall(Abi.HERE.ioctl, fd.number(), TCGETS, termios));
        }
    }
}
