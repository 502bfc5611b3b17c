// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.digest;

import io.millrace.posix.libc.NativeBuffer;

/**
 * A digest that a library of the system computes, straight from a {@link NativeBuffer}. One thread at a time; threads may
 * take turns, each turn happening before the next. Owned by whoever started it, and freed by {@link #close()} alone.
 */
public interface NativeDigest extends AutoCloseable {
    /** Adds a part of a buffer. */
    void update(NativeBuffer buffer, int offsetBytes, int lengthBytes);

    /** The value, most significant byte first; the digest is then as it was before the first update. */
    byte[] finish();

    /** The value of a part of a buffer alone, by one call into the library; between updates, it leaves those as they are. */
    byte[] of(NativeBuffer buffer, int offsetBytes, int lengthBytes);

    /** Whether it takes well less time than to copy the bytes out of the page cache. */
    default boolean isFasterThanReading() {
        return false;
    }

    /** Frees it; a second time does nothing. */
    @Override
    void close();
}
