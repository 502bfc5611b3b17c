// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import io.millrace.posix.libc.NativeBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Append-only store of byte records outside the Java heap. One thread appends; afterwards any thread may read. A
 * reference counts in units of 8 bytes, so that an int addresses 32 GiB; 0 means none.
 */
final class RecordStore {
    static final int NONE = 0;

    private static final int ALIGNMENT_SHIFT = 3;
    private static final int CHUNK_SHIFT = 22;
    private static final int CHUNK_BYTES = 1 << CHUNK_SHIFT;
    private static final int REFERENCE_SHIFT = CHUNK_SHIFT - ALIGNMENT_SHIFT;
    private static final int MAX_CHUNKS = 1 << Integer.SIZE - REFERENCE_SHIFT;
    private static final int REFERENCE_MASK = (1 << REFERENCE_SHIFT) - 1;

    private final List<NativeBuffer> chunks = new ArrayList<>();
    private final List<ByteBuffer> views = new ArrayList<>();
    private int filled = CHUNK_BYTES;

    /** Allocates a record of at most 4 MiB and returns its reference. */
    int append(int lengthBytes) {
        if (lengthBytes > CHUNK_BYTES - filled) {
            if (chunks.size() == MAX_CHUNKS) {
                throw new OutOfMemoryError("manifests of more than 32 GiB");
            }
            var chunk = NativeBuffer.allocate(CHUNK_BYTES);
            chunks.add(chunk);
            views.add(chunk.first(CHUNK_BYTES));
            filled = chunks.size() == 1 ? 1 << ALIGNMENT_SHIFT : 0;
        }
        int reference = chunks.size() - 1 << REFERENCE_SHIFT | filled >>> ALIGNMENT_SHIFT;
        int step = 1 << ALIGNMENT_SHIFT;
        filled += lengthBytes + step - 1 & -step;
        return reference;
    }

    /** Returns the memory of a record, for absolute access from {@link #offset}. */
    ByteBuffer memory(int reference) {
        return views.get(reference >>> REFERENCE_SHIFT);
    }

    static int offset(int reference) {
        return (reference & REFERENCE_MASK) << ALIGNMENT_SHIFT;
    }
}
