// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.libc.BytePath;
import java.io.IOException;

/** The result for one file. */
public sealed interface AllocationResult {
    BytePath path();

    /** The file is reserved, durable and has its name. */
    record Reserved(BytePath path, Reservation verdict) implements AllocationResult {}

    /**
     * The allocation failed: a new file does not exist, an existing one has the blocks that it had.
     *
     * @param cause a {@link io.millrace.posix.libc.PosixException} or an {@link AllocationException}; its message
     *     names the file and can be shown as it is
     */
    record Failed(BytePath path, IOException cause) implements AllocationResult {}
}
