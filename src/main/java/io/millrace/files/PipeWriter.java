// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.Fallbacks;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;

/**
 * The write end of a pipe, for bytes of files: splices pages if the kernel can (splice(2)), and copies otherwise.
 * Except for {@link #letDrain} nothing here waits for the pipe. One thread; the descriptor stays the caller's.
 */
public final class PipeWriter {
    /** The pipe is full. */
    public static final long FULL = -1;

    private final Posix posix;
    private final OwnedFd pipe;
    private final int capacityBytes;
    private final DrainPause pause = new DrainPause();
    private boolean full;

    /**
     * @param wishedBytes the capacity to request; the pipe keeps its own if the kernel refuses (EPERM beyond the
     *     user's limit, pipe(7); EBUSY)
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

    /** Largest number of bytes that the pipe can hold. */
    public int capacityBytes() {
        return capacityBytes;
    }

    /** Bytes in the pipe that no reader has consumed. */
    public int pendingBytes() throws PosixException {
        return posix.pipes().pendingBytes(pipe);
    }

    /** Pauses to let the reader drain a full pipe. */
    public void letDrain() throws PosixException {
        full = false;
        pause.await();
        pause.adapt(pendingBytes(), capacityBytes);
    }

    /**
     * Splices pages of a file.
     *
     * @return bytes moved, {@link #FULL}, or 0 at the end of the file. EPIPE: the pipe has no reader. For other errors
     *     {@link #mustCopy} says whether the bytes can be copied instead
     */
    public long splice(OwnedFd file, ByteRange range) throws PosixException {
        long moved = posix.pipes().spliceFromFileNoWait(file, range, pipe);
        full = moved < range.lengthBytes();
        return moved;
    }

    /** Whether the last {@link #splice} filled the pipe: it moved fewer bytes than requested. */
    public boolean isFull() {
        return full;
    }

    /**
     * Whether a splice failed because this file system (EINVAL), the kernel or a seccomp filter does not support it.
     */
    public static boolean mustCopy(PosixException e) {
        boolean refused = e.call().equals("splice") && Fallbacks.isRefused(e);
        if (refused) {
            Fallbacks.use(e, "bytes are copied into pipes");
        }
        return refused || e.is(Errno.EINVAL);
    }

    /** Writes zeros; returns the bytes moved, or {@link #FULL}. */
    public long zeros(long lengthBytes) throws PosixException {
        synchronized (Zeros.BUFFER) { // guards its only struct iovec
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
