// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Page-aligned memory outside the Java heap, for reads and writes. Owned by its creator, used by one thread at a time,
 * freed by {@link #close()} (or, late, by the garbage collector).
 */
public final class NativeBuffer implements AutoCloseable {
    /** Sufficient for O_DIRECT on every device in use. */
    public static final int ALIGNMENT_BYTES = 4096;

    // Size and offsets of struct iovec (readv(2)).
    public static final int IOVEC_BYTES = 16;
    public static final int IOVEC_START = 0;
    public static final int IOVEC_LENGTH = 8;

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
        address = Pointer.nativeValue(start);
        view = block.getByteBuffer(skip, sizeBytes);
        iovec = block.getByteBuffer(skip + sizeBytes, IOVEC_BYTES);
        iovecAddress = address + sizeBytes;
    }

    private NativeBuffer(NativeBuffer whole, int offsetBytes, int sizeBytes) {
        block = new Memory(IOVEC_BYTES);
        start = whole.at(offsetBytes, sizeBytes);
        address = whole.address + offsetBytes;
        view = whole.slice(offsetBytes, sizeBytes);
        iovec = block.getByteBuffer(0, IOVEC_BYTES);
        iovecAddress = Pointer.nativeValue(block);
    }

    /** Allocates a buffer with undefined content. Throws {@link OutOfMemoryError} if the system has no memory left. */
    public static NativeBuffer allocate(int sizeBytes) {
        return new NativeBuffer(sizeBytes);
    }

    /**
     * Returns a part of this buffer; different threads may use different parts. It must be closed before this buffer,
     * whose memory it shares; its own {@link #close()} frees none of that.
     *
     * @param offsetBytes a multiple of {@link #ALIGNMENT_BYTES}
     */
    public NativeBuffer part(int offsetBytes, int sizeBytes) {
        return new NativeBuffer(this, offsetBytes, sizeBytes);
    }

    public int sizeBytes() {
        return view.capacity();
    }

    /** Returns the first {@code lengthBytes} as a new view, position 0; valid until {@link #close()}. */
    public ByteBuffer first(int lengthBytes) {
        checkOpen();
        return view.duplicate().clear().limit(lengthBytes);
    }

    /** Returns a part as a new view from position 0 to its limit; valid until {@link #close()}. */
    public ByteBuffer slice(int offsetBytes, int lengthBytes) {
        checkOpen();
        return view.slice(offsetBytes, lengthBytes);
    }

    /** Returns the address of a part, for the kernel. Checks the bounds, which the kernel does not. */
    public Pointer at(long offsetBytes, long lengthBytes) {
        checkOpen();
        Objects.checkFromIndexSize(offsetBytes, lengthBytes, (long) sizeBytes());
        return offsetBytes == 0 ? start : start.share(offsetBytes);
    }

    /** The same as a {@code long}, for the calls that take one. */
    public long addressAt(long offsetBytes, long lengthBytes) {
        checkOpen();
        Objects.checkFromIndexSize(offsetBytes, lengthBytes, (long) sizeBytes());
        return address + offsetBytes;
    }

    /** Returns the address of a struct iovec over a part of this buffer; the next call overwrites it. */
    public long iovecAt(long offsetBytes, long lengthBytes) {
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
