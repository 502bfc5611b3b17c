// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.libc.BytePath;
import java.io.IOException;

/** What became of one file. */
public sealed interface AllocationResult {
    BytePath path();

    /** It is reserved, durable and there under its name. */
    record Reserved(BytePath path, Reservation verdict) implements AllocationResult {}

    /**
     * It is not: a new file is not there, one that existed has the blocks that it had.
     *
     * @param cause a {@link io.millrace.posix.libc.PosixException} or an {@link AllocationException}; its message names
     *     the file and can be shown as it is
     */
    record Failed(BytePath path, IOException cause) implements AllocationResult {}
}
