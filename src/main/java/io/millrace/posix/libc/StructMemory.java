// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/**
 * Native memory for the structs that a call fills, reused by the next call of the same thread. Read it through the
 * buffer: each access through {@link Memory} would be a native call of its own.
 */
public record StructMemory(Memory memory, ByteBuffer bytes, long address) {
    public static ThreadLocal<StructMemory> ofBytes(int sizeBytes) {
        return ThreadLocal.withInitial(() -> allocate(sizeBytes));
    }

    /** Allocates zeroed memory that all threads share. */
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
