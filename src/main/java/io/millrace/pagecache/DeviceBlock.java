// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.PosixException;
import org.jspecify.annotations.Nullable;

/**
 * A block of a file that a {@link DevicePass} went over. The buffer is the pass's, and valid until its next call.
 *
 * @param range the block, or what a file that has become shorter left of it
 * @param buffer holds the bytes from {@code offsetBytes} on, as many as the range has, where the provenance has bytes
 * @param residentBytes of the block in the page cache when the read began; -1 where the kernel does not tell
 * @param failure why it is unreadable
 */
public record DeviceBlock(
        ByteRange range,
        Provenance provenance,
        NativeBuffer buffer,
        int offsetBytes,
        long residentBytes,
        @Nullable PosixException failure) {

    /** Whether the page cache has a copy of all of it. */
    public boolean isCached() {
        return residentBytes >= range.lengthBytes();
    }

    int lengthBytes() {
        return (int) range.lengthBytes();
    }
}
