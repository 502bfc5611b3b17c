// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.posix.libc.NativeBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Divides one thread's buffer into slots for chunks of resident bytes; a longer chunk gets the whole buffer. Guarded by
 * the lock of its {@link ChunkSchedule}. The thread that owns the buffer closes this once no slot is pinned.
 */
final class BufferSlots implements AutoCloseable {
    /** More slots would not fit in a core's own cache. */
    private static final int MAX_SLOTS = 8;

    private final NativeBuffer buffer;
    private final int slotBytes;
    private final int all;
    private final List<NativeBuffer> parts = new ArrayList<>();

    /** Bit mask of the slots in use. */
    private int used;

    /** Number of threads that read into a slot or digest it at this moment. */
    private int pins;

    BufferSlots(NativeBuffer buffer, int slotBytes) {
        this.buffer = buffer;
        this.slotBytes = Math.min(slotBytes, buffer.sizeBytes());
        this.all = (1 << Math.min(MAX_SLOTS, buffer.sizeBytes() / this.slotBytes)) - 1;
    }

    /** Memory assigned to one chunk. */
    record Place(BufferSlots owner, NativeBuffer buffer, int mask) {
        void pin() {
            owner.pins++;
        }

        void unpin() {
            owner.pins--;
        }

        void free() {
            owner.used &= ~mask;
        }
    }

    int slotBytes() {
        return slotBytes;
    }

    boolean hasRoom(long lengthBytes) {
        return lengthBytes <= slotBytes ? used != all : used == 0;
    }

    /**
     * Returns the first free slot, because its memory was used most recently, or the whole buffer. Requires
     * {@link #hasRoom}.
     */
    Place take(long lengthBytes) {
        if (lengthBytes > slotBytes) {
            used = all;
            return new Place(this, buffer, all);
        }
        int index = Integer.numberOfTrailingZeros(~used);
        used |= 1 << index;
        return new Place(this, part(index), 1 << index);
    }

    private NativeBuffer part(int index) {
        while (parts.size() < index) {
            parts.add(buffer.part((parts.size() + 1) * slotBytes, slotBytes));
        }
        return index == 0 ? buffer : parts.get(index - 1);
    }

    boolean isFree() {
        return used == 0;
    }

    boolean isHalfFree() {
        return 2 * Integer.bitCount(used) <= Integer.bitCount(all);
    }

    boolean isPinned() {
        return pins > 0;
    }

    @Override
    public void close() {
        parts.forEach(NativeBuffer::close);
    }
}
