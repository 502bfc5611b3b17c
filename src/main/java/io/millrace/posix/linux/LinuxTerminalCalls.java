// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.linux;

import static io.millrace.posix.libc.Check.checkErrno;
import static io.millrace.posix.libc.Check.checkReturned;

import com.sun.jna.Memory;
import io.millrace.posix.TerminalCalls;
import io.millrace.posix.libc.Abi;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Check;
import io.millrace.posix.libc.LibC;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.OptionalInt;

public final class LinuxTerminalCalls implements TerminalCalls {
    static final long TCGETS = 0x5401;
    static final long TCSETS = 0x5402;
    static final long TIOCGWINSZ = 0x5413;
    static final long TIOCSWINSZ = 0x5414;

    // Offsets in the kernel's struct termios, and the flags that cfmakeraw(3) clears and sets.
    static final int INPUT_MODES = 0;
    static final int OUTPUT_MODES = 4;
    static final int CONTROL_MODES = 8;
    static final int LOCAL_MODES = 12;
    static final int NOT_RAW_INPUT = 0x5EB; // IGNBRK BRKINT PARMRK ISTRIP INLCR IGNCR ICRNL IXON
    static final int NOT_RAW_OUTPUT = 0x1; // OPOST
    static final int NOT_RAW_LOCAL = 0x804B; // ECHO ECHONL ICANON ISIG IEXTEN
    static final int NOT_RAW_CONTROL = 0x130; // CSIZE PARENB
    static final int EIGHT_BITS = 0x30; // CS8
    /** The kernel's struct termios has 36 bytes (asm-generic/termbits.h); a larger buffer is harmless. */
    static final int TERMIOS_BYTES = 64;

    // Size and offset in struct winsize (asm-generic/termios.h).
    static final int WINSIZE_BYTES = 8;
    static final int WINSIZE_ROWS = 0;
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
    public void makeRaw(OwnedFd master) throws PosixException {
        try (var termios = new Memory(TERMIOS_BYTES)) {
            checkErrno("TCGETS", master, () -> LibC.syscall(Abi.HERE.ioctl, master.number(), TCGETS, termios));
            clear(termios, INPUT_MODES, NOT_RAW_INPUT);
            clear(termios, OUTPUT_MODES, NOT_RAW_OUTPUT);
            clear(termios, LOCAL_MODES, NOT_RAW_LOCAL);
            clear(termios, CONTROL_MODES, NOT_RAW_CONTROL);
            termios.setInt(CONTROL_MODES, termios.getInt(CONTROL_MODES) | EIGHT_BITS);
            checkErrno("TCSETS", master, () -> LibC.syscall(Abi.HERE.ioctl, master.number(), TCSETS, termios));
        }
    }

    private static void clear(Memory termios, int offset, int bits) {
        termios.setInt(offset, termios.getInt(offset) & ~bits);
    }

    @Override
    public void setSize(OwnedFd master, int rows, int columns) throws PosixException {
        try (var size = new Memory(WINSIZE_BYTES)) {
            size.clear();
            size.setShort(WINSIZE_ROWS, (short) rows);
            size.setShort(WINSIZE_COLUMNS, (short) columns);
            checkErrno("TIOCSWINSZ", master, () -> LibC.syscall(Abi.HERE.ioctl, master.number(), TIOCSWINSZ, size));
        }
    }

    @Override
    public OptionalInt columns(OwnedFd fd) {
        return extent(fd, WINSIZE_COLUMNS);
    }

    @Override
    public OptionalInt rows(OwnedFd fd) {
        return extent(fd, WINSIZE_ROWS);
    }

    private static OptionalInt extent(OwnedFd fd, int offset) {
        try (var size = new Memory(WINSIZE_BYTES)) {
            boolean known = Check.succeeds(() -> LibC.syscall(Abi.HERE.ioctl, fd.number(), TIOCGWINSZ, size));
            int cells = known ? size.getShort(offset) & 0xFFFF : 0;
            return cells > 0 ? OptionalInt.of(cells) : OptionalInt.empty();
        }
    }

    @Override
    public boolean isTerminal(OwnedFd fd) {
        try (var termios = new Memory(TERMIOS_BYTES)) {
            return Check.succeeds(() -> LibC.syscall(Abi.HERE.ioctl, fd.number(), TCGETS, termios));
        }
    }
}
