// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import com.sun.jna.Memory;
import java.nio.ByteBuffer;

/**
 * Native memory for the structs that one call fills, used again by the next call of the same thread. To be read through
 * the buffer: each access through {@link Memory} would be a native call of its own.
 */
record StructMemory(Memory memory, ByteBuffer bytes) {
    static ThreadLocal<StructMemory> ofBytes(int sizeBytes) {
        return ThreadLocal.withInitial(() -> {
            var memory = new Memory(sizeBytes);
            return new StructMemory(memory, memory.getByteBuffer(0, sizeBytes));
        });
    }
}
