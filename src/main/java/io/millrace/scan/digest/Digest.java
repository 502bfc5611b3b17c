// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.digest;

import io.millrace.posix.libc.NativeBuffer;

/**
 * A digest being computed. One thread at a time; threads may take turns, each turn happening before the next. Owned by the
 * thread that started it, which closes it.
 */
public interface Digest extends AutoCloseable {
    /** Adds a part of a buffer. */
    void update(NativeBuffer buffer, int offsetBytes, int lengthBytes);

    /** The value, most significant byte first; the digest is then as it was before the first update. */
    byte[] finish();

    /** The value of a part of a buffer alone: for a small file that is read whole. Not between updates. */
    default byte[] of(NativeBuffer buffer, int offsetBytes, int lengthBytes) {
        update(buffer, offsetBytes, lengthBytes);
        return finish();
    }

    /** Whether it takes well less time than to copy the bytes out of the page cache. */
    default boolean isFasterThanReading() {
        return false;
    }

    /** Frees what a library holds for it. */
    @Override
    default void close() {}
}
