// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/**
 * Native memory for the structs that one call fills, used again by the next call of the same thread. To be read through
 * the buffer: each access through {@link Memory} would be a native call of its own.
 */
public record StructMemory(Memory memory, ByteBuffer bytes, long address) {
    public static ThreadLocal<StructMemory> ofBytes(int sizeBytes) {
        return ThreadLocal.withInitial(() -> allocate(sizeBytes));
    }

    /** For all threads. */
    public static StructMemory zeros(int sizeBytes) {
        StructMemory zeros = allocate(sizeBytes);
        zeros.memory.clear();
        return zeros;
    }

    private static StructMemory allocate(int sizeBytes) {
        var memory = new Memory(sizeBytes);
        return new StructMemory(memory, memory.getByteBuffer(0, sizeBytes), Pointer.nativeValue(memory));
    }
}
