// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import java.nio.ByteBuffer;

/**
 * What getrusage(2) with RUSAGE_THREAD says of the calling thread, since it started.
 *
 * @param inputBytes read from block devices on its behalf, to the sector (ru_inblock): nothing of what the page cache had. 0
 *     for ever where the kernel does not count (CONFIG_TASK_IO_ACCOUNTING)
 */
public record ThreadUsage(long inputBytes) {
    public static final int STRUCT_BYTES = 144;
    // Offset in struct rusage (linux/resource.h), and its unit.
    public static final int INPUT_BLOCKS = 88;
    static final int BLOCK_BYTES = 512;

    public static ThreadUsage read(ByteBuffer rusage) {
        return new ThreadUsage(rusage.getLong(INPUT_BLOCKS) * BLOCK_BYTES);
    }
}
