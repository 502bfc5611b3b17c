// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import io.millrace.posix.linux.LinuxFileCalls;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What reads with O_DIRECT of a file have to be multiples of, as statx(2) tells it (STATX_DIOALIGN).
 *
 * @param memoryBytes of the buffer's address; 0 where the file cannot be read so
 * @param offsetBytes of offset and length in the file; 0 where the file cannot be read so
 */
public record DirectAlignment(int memoryBytes, int offsetBytes) {
    // Offsets in struct statx (linux/stat.h).
    public static final int MASK = 0;
    public static final int MEMORY = 152;
    public static final int OFFSET = 156;

    /** Whether the file can be read with O_DIRECT; where not, such reads are buffered, or refused. */
    public boolean isSupported() {
        return memoryBytes > 0 && offsetBytes > 0;
    }

    public static Optional<DirectAlignment> read(ByteBuffer statx) {
        return (statx.getInt(MASK) & LinuxFileCalls.STATX_DIOALIGN) == 0
                ? Optional.empty()
                : Optional.of(new DirectAlignment(statx.getInt(MEMORY), statx.getInt(OFFSET)));
    }
}
