// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.linux;

import static io.millrace.posix.libc.Check.checkErrno;
import static io.millrace.posix.libc.Check.checkNoWait;

import io.millrace.posix.InotifyCalls;
import io.millrace.posix.InotifyEvent.Change;
import io.millrace.posix.InotifyEvent;
import io.millrace.posix.PipeCalls.PipeFlag;
import io.millrace.posix.libc.Check;
import io.millrace.posix.libc.LibC;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.StructMemory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

public final class LinuxInotifyCalls implements InotifyCalls {
    static final int IN_CLOEXEC = OpenFlag.O_CLOEXEC;
    static final int IN_NONBLOCK = PipeFlag.NONBLOCK.bits;
    static final int IN_EXCL_UNLINK = 0x400_0000;

    /** Size for 60 events with the longest names; further events are read by the next call. */
    private static final int BUFFER_BYTES = 16 * 1024;

    private static final ThreadLocal<StructMemory> BUFFER = StructMemory.ofBytes(BUFFER_BYTES);

    @Override
    public OwnedFd inotify() throws PosixException {
        int fd = checkErrno("inotify_init1", "a new watch", () -> LibC.inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
        return OwnedFd.of(fd, "inotify " + fd);
    }

    @Override
    public int watch(OwnedFd inotify, OwnedFd directory, Set<Change> changes) throws PosixException {
        byte[] path = directory.procPath().nulTerminated();
        int mask = Change.bits(changes) | IN_EXCL_UNLINK;
        return checkErrno("inotify_add_watch", directory, () -> LibC.inotify_add_watch(inotify.number(), path, mask));
    }

    @Override
    public List<InotifyEvent> events(OwnedFd inotify) throws PosixException {
        StructMemory buffer = BUFFER.get();
        long length =
                checkNoWait("read", inotify, null, () -> LibC.read(inotify.number(), buffer.address(), BUFFER_BYTES));
        if (length == Check.WOULD_BLOCK) {
            return List.of();
        }
        ByteBuffer bytes =
                buffer.bytes().duplicate().order(buffer.bytes().order()).clear().limit((int) length);
        var events = new ArrayList<InotifyEvent>();
        while (bytes.hasRemaining()) {
            events.add(InotifyEvent.read(bytes));
        }
        return events;
    }
}
