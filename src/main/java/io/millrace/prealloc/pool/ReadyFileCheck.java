// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import io.millrace.posix.FileStatus;
import io.millrace.posix.FileType;
import io.millrace.units.ByteSize;
import io.millrace.units.FileMode;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a directory entry is a ready pool file: type, size, reserved blocks, link count, mode and owner are
 * exactly what the pool would have created. Immutable.
 *
 * @param user the owner of the files if the pool does not configure one
 */
record ReadyFileCheck(PoolSpec spec, int user) {
    /**
     * Returns what is wrong with a file, as a text that follows its name; null if it is ready, or will be once it has
     * a name.
     */
    @Nullable String lack(FileStatus status) {
        if (status.type() != FileType.REGULAR) {
            return "is a " + status.type().label();
        }
        if (status.sizeBytes() != spec.fileBytes()) {
            return "holds " + describe(status.sizeBytes()) + " instead of " + describe(spec.fileBytes());
        }
        if (status.reservedBytes() < spec.fileBytes()) {
            return "reserves only " + describe(status.reservedBytes()) + " of " + describe(spec.fileBytes());
        }
        if (status.links() > 1) {
            return "is a second link: the file has " + status.links() + " names";
        }
        if (status.permissions() != spec.permissions()) {
            return "has mode " + FileMode.format(status.permissions()) + " instead of "
                    + FileMode.format(spec.permissions());
        }
        int owner = spec.owner().orElse(user);
        if (status.uid() != owner) {
            return "belongs to user " + status.uid() + " instead of " + owner;
        }
        if (spec.group().isPresent() && status.gid() != spec.group().getAsInt()) {
            return "belongs to group " + status.gid() + " instead of "
                    + spec.group().getAsInt();
        }
        return null;
    }

    /** Whether the file belongs to this process, or to the configured owner. */
    boolean isOurs(FileStatus status) {
        return status.uid() == user || status.uid() == spec.owner().orElse(user);
    }

    /** Exact if rounding would hide the difference. */
    private String describe(long bytes) {
        String rounded = ByteSize.format(bytes);
        boolean hides = bytes != spec.fileBytes() && rounded.equals(ByteSize.format(spec.fileBytes()));
        return hides ? bytes + " bytes" : rounded;
    }
}
