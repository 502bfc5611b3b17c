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
 * What leads to a process's standard input: our end of its pipe, and before it an outbox for what belongs around files.
 * Nobody reading any more (EPIPE) is a state here, not an exception.
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

    /** Takes over the descriptor, on which the channel is; counts there what goes in. */
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

    /** Whether nobody takes anything any more. */
    boolean isBroken() {
        return broken;
    }

    /** Writes what waits for room; bytes written. */
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

    /** As {@link PipeWriter#splice}. */
    long splice(OwnedFd file, ByteRange range) throws PosixException {
        try {
            return fed(channel.splice(file, range));
        } catch (PosixException e) {
            return noteBroken(e);
        }
    }

    /** As {@link PipeWriter#isFull}. */
    boolean isFull() {
        return channel.isFull();
    }

    /** As {@link PipeWriter#zeros}. */
    long zeros(long lengthBytes) throws PosixException {
        try {
            return fed(channel.zeros(lengthBytes));
        } catch (PosixException e) {
            return noteBroken(e);
        }
    }

    /** Bytes written, or {@link PipeWriter#FULL}. */
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

    /** The end of its input. */
    void end() {
        if (open) {
            open = false;
            pipe.close();
        }
    }

    /**
     * Whether its input may be ended, and what it leaves unread still be known: by a reading end of our own of the same
     * pipe (proc(5)), or, where that cannot be had, because nothing is left in it. To be followed by {@link #end}: the
     * end of our own hides that of the process.
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
            return null; // no /proc, or too many open files
        }
    }

    /** Bytes that have not been taken out of the pipe. */
    int unreadBytes() throws PosixException {
        if (open) {
            return channel.pendingBytes();
        }
        return unread == null ? 0 : posix.pipes().pendingBytes(unread);
    }

    /** Bytes that were meant for it and have not reached it, in its pipe or before it. */
    int untakenBytes() throws PosixException {
        return unreadBytes() + outbox.sizeBytes() + lostBytes;
    }

    /** What is to be polled: room, or else only the reader's going away; null where there is nothing to wait for. */
    @Nullable Poll watch(boolean wantsRoom) {
        watched = open && !broken ? wantsRoom ? room : reader : null;
        return watched;
    }

    /** Takes in what the poll saw. */
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
