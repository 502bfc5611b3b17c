// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.Fallbacks;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;

/**
 * The writing end of a pipe, for bytes of files: pages where the kernel can (splice(2)), copies elsewhere. Nothing here
 * waits for the pipe. One thread; the descriptor stays the caller's.
 */
public final class PipeWriter {
    /** The pipe is full. */
    public static final long FULL = -1;

    /**
     * What holes read as. Never freed and never written: pages of it may sit in a pipe long after the call that put
     * them there, and memory that was given back would change under the reader.
     */
    private static final class Zeros {
        static final NativeBuffer BUFFER = zeroed(256 << 10);

        private static NativeBuffer zeroed(int sizeBytes) {
            var buffer = NativeBuffer.allocate(sizeBytes);
            buffer.first(sizeBytes).put(new byte[sizeBytes]);
            return buffer;
        }
    }

    private final Posix posix;
    private final OwnedFd pipe;
    private final int capacityBytes;
    private final DrainPause pause = new DrainPause();
    private boolean full;

    /**
     * @param wishedBytes the capacity to ask for; the pipe does as it is where the kernel says no (EPERM beyond the
     *     user's share, pipe(7); EBUSY)
     */
    public PipeWriter(Posix posix, OwnedFd pipe, int wishedBytes) throws PosixException {
        this.posix = posix;
        this.pipe = pipe;
        this.capacityBytes = widen(wishedBytes);
    }

    private int widen(int wishedBytes) throws PosixException {
        try {
            return posix.pipes().setCapacityBytes(pipe, wishedBytes);
        } catch (PosixException e) {
            return posix.pipes().capacityBytes(pipe);
        }
    }

    /** The most that can be in the pipe. */
    public int capacityBytes() {
        return capacityBytes;
    }

    /** What nobody has taken from it yet. */
    public int pendingBytes() throws PosixException {
        return posix.pipes().pendingBytes(pipe);
    }

    /** Lets the reader of a full pipe read on for a while. */
    public void letDrain() throws PosixException {
        full = false;
        pause.await();
        pause.adapt(pendingBytes(), capacityBytes);
    }

    /**
     * Moves pages of a file.
     *
     * @return bytes moved, {@link #FULL}, or 0 at the end of the file. EPIPE: nobody reads. {@link #mustCopy} tells of
     *     other errors whether the file's bytes can be copied instead
     */
    public long splice(OwnedFd file, ByteRange range) throws PosixException {
        long moved = posix.pipes().spliceFromFileNoWait(file, range, pipe);
        full = moved < range.lengthBytes();
        return moved;
    }

    /** Whether the last {@link #splice} has left no room: it moved less than it might have. */
    public boolean isFull() {
        return full;
    }

    /** Whether a splice failed because this file system (EINVAL), the kernel or a filter does not know it. */
    public static boolean mustCopy(PosixException e) {
        boolean refused = e.call().equals("splice") && Fallbacks.isRefused(e);
        if (refused) {
            Fallbacks.use(e, "bytes are copied into pipes");
        }
        return refused || e.is(Errno.EINVAL);
    }

    /** Moves zeros: bytes moved, or {@link #FULL}. */
    public long zeros(long lengthBytes) throws PosixException {
        synchronized (Zeros.BUFFER) { // its one struct iovec
            int part = (int) Math.min(lengthBytes, Zeros.BUFFER.sizeBytes());
            try {
                return posix.pipes().vmspliceNoWait(Zeros.BUFFER, part, pipe);
            } catch (PosixException e) {
                if (!Fallbacks.isRefused(e)) {
                    throw e;
                }
                Fallbacks.use(e, "zeros are copied into pipes");
                return posix.io().writeNoWait(pipe, Zeros.BUFFER, 0, part);
            }
        }
    }
}
