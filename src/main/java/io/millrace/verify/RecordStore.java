// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import io.millrace.posix.libc.NativeBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Byte records of any number outside the Java heap, in the order in which they were appended. Appending belongs to one thread;
 * afterwards any thread may read. A reference is a multiple of 8 bytes, so that an int reaches 32 GiB; 0 is none.
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

    /** Makes room for a record of at most 4 MiB and returns its reference. */
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

    /** The memory in which a record lies, for absolute access from {@link #offset} on. */
    ByteBuffer memory(int reference) {
        return views.get(reference >>> REFERENCE_SHIFT);
    }

    static int offset(int reference) {
        return (reference & REFERENCE_MASK) << ALIGNMENT_SHIFT;
    }
}
