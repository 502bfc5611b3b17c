// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Page-aligned memory outside the Java heap, for reads and writes. Owned by whoever allocated it, used by one
 * thread at a time, freed by {@link #close()} (or, late, by the garbage collector).
 */
public final class NativeBuffer implements AutoCloseable {
    /** Enough for O_DIRECT on every device in use. */
    public static final int ALIGNMENT_BYTES = 4096;

    // Size and offsets of struct iovec (readv(2)).
    static final int IOVEC_BYTES = 16;
    static final int IOVEC_START = 0;
    static final int IOVEC_LENGTH = 8;

    private final Memory block;
    private final Pointer start;
    private final ByteBuffer view;
    private final long address;
    private final ByteBuffer iovec;
    private final long iovecAddress;
    private boolean open = true;

    private NativeBuffer(int sizeBytes) {
        block = new Memory((long) sizeBytes + ALIGNMENT_BYTES + IOVEC_BYTES);
        long skip = -Pointer.nativeValue(block) & (ALIGNMENT_BYTES - 1);
        start = block.share(skip, sizeBytes);
        view = block.getByteBuffer(skip, sizeBytes);
        address = Pointer.nativeValue(start);
        iovec = block.getByteBuffer(skip + sizeBytes, IOVEC_BYTES);
        iovecAddress = address + sizeBytes;
    }

    /** Contents are undefined. Throws {@link OutOfMemoryError} when the system has no memory left. */
    public static NativeBuffer allocate(int sizeBytes) {
        return new NativeBuffer(sizeBytes);
    }

    public int sizeBytes() {
        return view.capacity();
    }

    /** The first {@code lengthBytes} as a fresh view, position 0; valid until {@link #close()}. */
    public ByteBuffer first(int lengthBytes) {
        checkOpen();
        return view.duplicate().clear().limit(lengthBytes);
    }

    /** The address of a part that lies within this buffer, for the kernel, which would write past the end unasked. */
    Pointer at(long offsetBytes, long lengthBytes) {
        checkOpen();
        Objects.checkFromIndexSize(offsetBytes, lengthBytes, (long) sizeBytes());
        return offsetBytes == 0 ? start : start.share(offsetBytes);
    }

    /** The same as a word, for the calls that take one. */
    long addressAt(long offsetBytes, long lengthBytes) {
        checkOpen();
        Objects.checkFromIndexSize(offsetBytes, lengthBytes, (long) sizeBytes());
        return address + offsetBytes;
    }

    /** The address of one struct iovec over a part of this buffer; overwritten by the next call. */
    long iovecAt(long offsetBytes, long lengthBytes) {
        iovec.putLong(IOVEC_START, addressAt(offsetBytes, lengthBytes)).putLong(IOVEC_LENGTH, lengthBytes);
        return iovecAddress;
    }

    private void checkOpen() {
        if (!open) {
            throw new IllegalStateException("the buffer is closed");
        }
    }

    @Override
    public void close() {
        open = false;
        block.close();
    }
}
