// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.digest;

import io.millrace.posix.libc.NativeBuffer;

/**
 * A digest that a system library computes, directly from a {@link NativeBuffer}. One thread at a time; several threads
 * may use it in turn if each use happens before the next. The creator owns it and frees it by {@link #close()}.
 */
public interface NativeDigest extends AutoCloseable {
    /** Adds a part of a buffer. */
    void update(NativeBuffer buffer, int offsetBytes, int lengthBytes);

    /** Returns the value, most significant byte first, and resets the digest. */
    byte[] finish();

    /**
     * Returns the value of a part of a buffer alone, by one call into the library; does not affect an incremental
     * digest in progress.
     */
    byte[] of(NativeBuffer buffer, int offsetBytes, int lengthBytes);

    /** Whether it is clearly faster than copying the bytes out of the page cache. */
    default boolean isFasterThanReading() {
        return false;
    }

    /** Frees it; idempotent. */
    @Override
    void close();
}
