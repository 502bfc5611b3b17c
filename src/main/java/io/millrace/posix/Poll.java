// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import io.millrace.posix.libc.OwnedFd;

/** A descriptor to watch by {@link PipeCalls#poll}, and the events that occurred. One thread. */
public final class Poll {
    // Size and offsets of struct pollfd (poll(2)).
    public static final int STRUCT_BYTES = 8;
    public static final int FD = 0;
    public static final int EVENTS = 4;
    public static final int REVENTS = 6;
    public static final int POLLIN = 1;
    public static final int POLLOUT = 4;
    public static final int POLLERR = 8;
    public static final int POLLHUP = 0x10;

    private final OwnedFd fd;
    private final int events;
    private int seen;

    private Poll(OwnedFd fd, int events) {
        this.fd = fd;
        this.events = events;
    }

    public static Poll forInput(OwnedFd fd) {
        return new Poll(fd, POLLIN);
    }

    public static Poll forOutput(OwnedFd fd) {
        return new Poll(fd, POLLOUT);
    }

    /** Watches only for the close of the other end, which poll always reports. */
    public static Poll forHangUp(OwnedFd fd) {
        return new Poll(fd, 0);
    }

    public OwnedFd fd() {
        return fd;
    }

    public int events() {
        return events;
    }

    public void saw(int revents) {
        seen = revents;
    }

    /** Whether a read or write (whichever was requested) would not block. */
    public boolean isReady() {
        return (seen & events) != 0;
    }

    /** Whether the other end is closed; a read end may still have input. */
    public boolean isHungUp() {
        return (seen & (POLLHUP | POLLERR)) != 0;
    }
}
