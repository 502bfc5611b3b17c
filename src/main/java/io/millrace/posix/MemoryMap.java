// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import com.sun.jna.Pointer;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.LibC;

/** A mapping made by {@link PageCalls#mmap} or {@link PageCalls#mmapWritable}, unmapped by {@link #close()}. One thread. */
public final class MemoryMap implements AutoCloseable {
    private final Pointer address;
    private final ByteRange range;
    private final String subject;
    private boolean open = true;

    public MemoryMap(Pointer address, ByteRange range, String subject) {
        this.address = address;
        this.range = range;
        this.subject = subject;
    }

    public Pointer address() {
        if (!open) {
            throw new IllegalStateException(subject + " is no longer mapped");
        }
        return address;
    }

    /** The bytes of the file that are mapped. */
    public ByteRange range() {
        return range;
    }

    public String subject() {
        return subject;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            int unused = LibC.munmap(address, range.lengthBytes()); // fails only for an invalid address
        }
    }
}
