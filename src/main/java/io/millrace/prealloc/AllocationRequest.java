// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.SpaceCalls.FallocateMode;
import io.millrace.posix.libc.ByteRange;
import io.millrace.units.FileMode;
import java.util.Set;

/**
 * What to reserve in each file.
 *
 * @param range the bytes to reserve: at least one, the end at most {@link Long#MAX_VALUE}
 * @param permissions the mode of a new file, 0 to 0777, whatever the umask is; an existing file keeps its own
 * @param reserve the free space that must remain
 * @param options what else is requested or permitted
 * @param ownership of a new file; an existing file keeps its own
 * @param fill what a new file contains; an existing file keeps its content
 */
public record AllocationRequest(
        ByteRange range,
        int permissions,
        Reserve reserve,
        Set<AllocateOption> options,
        Ownership ownership,
        FillMode fill) {
    /** Read and write for the owner, read for the group. */
    public static final int DEFAULT_PERMISSIONS = 0640;

    /** Throws an {@link IllegalArgumentException} whose message says what is wrong. */
    public AllocationRequest {
        if (range.isEmpty()) {
            throw new IllegalArgumentException("a reservation has at least 1 byte");
        }
        FileMode.check(permissions);
        options = Set.copyOf(options);
    }

    /** New files belong to the user of the process, and their blocks stay unwritten. */
    public AllocationRequest(ByteRange range, int permissions, Reserve reserve, Set<AllocateOption> options) {
        this(range, permissions, reserve, options, Ownership.INHERITED, FillMode.RESERVE);
    }

    /**
     * Creates a request from sizes given by a user. Throws an {@link IllegalArgumentException} whose message says what
     * is wrong.
     */
    public static AllocationRequest of(long offsetBytes, long sizeBytes, AllocateOption... options) {
        if (sizeBytes < 1) {
            throw new IllegalArgumentException("the size must be at least 1 byte, not " + sizeBytes);
        }
        if (offsetBytes < 0) {
            throw new IllegalArgumentException("the offset cannot be negative: " + offsetBytes);
        }
        if (offsetBytes > Long.MAX_VALUE - sizeBytes) {
            throw new IllegalArgumentException("offset and size together are more than a file can hold (8 EiB - 1)");
        }
        return new AllocationRequest(
                new ByteRange(offsetBytes, sizeBytes), DEFAULT_PERMISSIONS, Reserve.NONE, Set.of(options));
    }

    public AllocationRequest withPermissions(int mode) {
        return new AllocationRequest(range, mode, reserve, options, ownership, fill);
    }

    public AllocationRequest withReserve(Reserve floor) {
        return new AllocationRequest(range, permissions, floor, options, ownership, fill);
    }

    public AllocationRequest withOwnership(Ownership owners) {
        return new AllocationRequest(range, permissions, reserve, options, owners, fill);
    }

    public AllocationRequest withFill(FillMode content) {
        return new AllocationRequest(range, permissions, reserve, options, ownership, content);
    }

    boolean has(AllocateOption option) {
        return options.contains(option);
    }

    FallocateMode mode() {
        return has(AllocateOption.KEEP_SIZE) ? FallocateMode.RESERVE_KEEP_SIZE : FallocateMode.RESERVE;
    }
}
