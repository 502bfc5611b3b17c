// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.digest;

import io.millrace.posix.libc.NativeBuffer;

/**
 * A running digest computation. Only one thread uses it at a time; several threads may take turns if each turn
 * happens-before the next. The thread that started it owns it and closes it.
 */
public interface Digest extends AutoCloseable {
    /** Updates the digest with part of a buffer. */
    void update(NativeBuffer buffer, int offsetBytes, int lengthBytes);

    /** Returns the value, most significant byte first, and resets the digest to its initial state. */
    byte[] finish();

    /**
     * Returns the digest of part of a buffer, for a small file that is read at once. Must not be called between
     * updates.
     */
    default byte[] of(NativeBuffer buffer, int offsetBytes, int lengthBytes) {
        update(buffer, offsetBytes, lengthBytes);
        return finish();
    }

    /** Whether the digest takes considerably less time than copying the bytes from the page cache. */
    default boolean isFasterThanReading() {
        return false;
    }

    /** Frees native memory of the digest, if it has any. */
    @Override
    default void close() {}
}
