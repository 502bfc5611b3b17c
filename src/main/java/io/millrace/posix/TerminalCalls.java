// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.OptionalInt;

/** System calls for terminals and pseudo-terminals (pty(7)). Any thread. */
public interface TerminalCalls {
    /**
     * posix_openpt(3) with O_RDWR and O_NOCTTY, and O_CLOEXEC, which Linux accepts here. The caller closes the result.
     * A read fails with EIO once the last slave is closed: that is the end of output.
     */
    OwnedFd openMaster() throws PosixException;

    /** grantpt(3): the slave belongs to the user (done by devpts itself on Linux). */
    void grant(OwnedFd master) throws PosixException;

    /** unlockpt(3): the slave may be opened. */
    void unlock(OwnedFd master) throws PosixException;

    /** ptsname_r(3): the slave's name, {@code /dev/pts/N}. */
    BytePath slaveName(OwnedFd master) throws PosixException;

    /** TCSETS (termios(3)) with the settings of cfmakeraw(3): bytes written on the slave arrive unchanged. */
    void makeRaw(OwnedFd master) throws PosixException;

    /** ioctl(2) TIOCSWINSZ: sets the window size that programs on the slave see. */
    void setSize(OwnedFd master, int rows, int columns) throws PosixException;

    /** ioctl(2) TIOCGWINSZ: the width in columns; empty if the descriptor is no terminal or has no size. */
    OptionalInt columns(OwnedFd fd);

    /** ioctl(2) TIOCGWINSZ: the height in rows; empty as for {@link #columns}. */
    OptionalInt rows(OwnedFd fd);

    /** Whether the descriptor is a terminal, as isatty(3) does. */
    boolean isTerminal(OwnedFd fd);
}
