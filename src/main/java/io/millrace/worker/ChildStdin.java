// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.files.PipeWriter;
import io.millrace.posix.Poll;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The write end of a process's stdin, with a buffer in front of it for the protocol data around files. A broken pipe
 * (EPIPE) is a state here, not an exception. One thread at a time; its {@link Child} closes it.
 */
final class ChildStdin implements AutoCloseable {
    private static final int OUTBOX_BYTES = 128 << 10;

    private final Posix posix;
    private final OwnedFd pipe;
    private final PipeWriter channel;
    private final WorkerTally tally;
    private final Poll room;
    private final Poll reader;
    private final PendingWrites outbox = new PendingWrites(OUTBOX_BYTES);
    private @Nullable OwnedFd unread;
    private @Nullable Poll watched;
    private boolean open = true;
    private boolean broken;
    private int lostBytes;

    /** Takes ownership of the descriptor that {@code channel} writes to; bytes written are counted in {@code tally}. */
    ChildStdin(Posix posix, OwnedFd pipe, PipeWriter channel, WorkerTally tally) {
        this.posix = posix;
        this.pipe = pipe;
        this.channel = channel;
        this.tally = tally;
        this.room = Poll.forOutput(pipe);
        this.reader = Poll.forHangUp(pipe);
    }

    PendingWrites outbox() {
        return outbox;
    }

    int capacityBytes() {
        return channel.capacityBytes();
    }

    /** Whether the pipe has no reader any more. */
    boolean isBroken() {
        return broken;
    }

    /** Writes buffered bytes as far as the pipe has room; returns the number of bytes written. */
    int flush() throws PosixException {
        if (outbox.isEmpty() || !open) {
            return 0;
        }
        try {
            return (int) fed(outbox.flush(posix, pipe));
        } catch (PosixException e) {
            noteBroken(e);
            return 0;
        }
    }

    /** Like {@link PipeWriter#splice}. */
    long splice(OwnedFd file, ByteRange range) throws PosixException {
        try {
            return fed(channel.splice(file, range));
        } catch (PosixException e) {
            return noteBroken(e);
        }
    }

    /** Like {@link PipeWriter#isFull}. */
    boolean isFull() {
        return channel.isFull();
    }

    /** Like {@link PipeWriter#zeros}. */
    long zeros(long lengthBytes) throws PosixException {
        try {
            return fed(channel.zeros(lengthBytes));
        } catch (PosixException e) {
            return noteBroken(e);
        }
    }

    /** Returns the bytes written, or {@link PipeWriter#FULL}. */
    long write(NativeBuffer buffer, int fromBytes, int lengthBytes) throws PosixException {
        try {
            return fed(posix.io().writeNoWait(pipe, buffer, fromBytes, lengthBytes));
        } catch (PosixException e) {
            return noteBroken(e);
        }
    }

    private long fed(long bytes) {
        if (bytes > 0) {
            tally.fed(bytes);
        }
        return bytes;
    }

    private long noteBroken(PosixException e) throws PosixException {
        if (!e.is(Errno.EPIPE)) {
            throw e;
        }
        broken = true;
        lostBytes += outbox.sizeBytes();
        outbox.clear();
        return PipeWriter.FULL;
    }

    /** Closes stdin, so that the process reads end of file. */
    void end() {
        if (open) {
            open = false;
            pipe.close();
        }
    }

    /**
     * Whether unread bytes can still be counted after stdin is closed: either through a read end of the same pipe that
     * we open ourselves (proc(5)), or, if that fails, because the pipe is empty. Must be followed by {@link #end}:
     * while our read end is open, EPIPE does not show that the process closed its own.
     */
    boolean canCountUnread() throws PosixException {
        var unused = flush();
        if (!outbox.isEmpty()) {
            return false;
        }
        unread = unread == null ? openUnread() : unread;
        return unread != null || channel.pendingBytes() == 0;
    }

    private @Nullable OwnedFd openUnread() {
        try {
            return posix.files().open(pipe.procPath(), Set.of(OpenFlag.READ_ONLY, OpenFlag.NONBLOCK));
        } catch (PosixException e) {
            return null; // no /proc, or EMFILE
        }
    }

    /** Bytes in the pipe that the process has not read. */
    int unreadBytes() throws PosixException {
        if (open) {
            return channel.pendingBytes();
        }
        return unread == null ? 0 : posix.pipes().pendingBytes(unread);
    }

    /** Bytes that the process has not read, whether in the pipe or still in the buffer. */
    int untakenBytes() throws PosixException {
        return unreadBytes() + outbox.sizeBytes() + lostBytes;
    }

    /**
     * The descriptor and events to poll: POLLOUT, or only POLLERR if there is nothing to write; null if neither is
     * needed.
     */
    @Nullable Poll watch(boolean wantsRoom) {
        watched = open && !broken ? wantsRoom ? room : reader : null;
        return watched;
    }

    /** Handles the events of the last poll. */
    void see() {
        broken |= watched != null && watched.isHungUp();
    }

    @Override
    public void close() {
        pipe.close();
        if (unread != null) {
            unread.close();
        }
        outbox.close();
    }
}
