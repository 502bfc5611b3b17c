// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import io.millrace.posix.libc.NativeBuffer;

/**
 * The content of holes, allocated at the first use. The buffer is never freed and never written: its pages may stay in a
 * pipe long after the call that put them there, and memory that was freed would change under the reader. Any thread.
 */
public final class Zeros {
    public static final NativeBuffer BUFFER = zeroed(256 << 10);

    private Zeros() {}

    private static NativeBuffer zeroed(int sizeBytes) {
        var buffer = NativeBuffer.allocate(sizeBytes);
        buffer.first(sizeBytes).put(new byte[sizeBytes]);
        return buffer;
    }
}
