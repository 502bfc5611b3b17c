// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.units.EnumLabels;

/** How the blocks were reserved. */
public enum AllocationMethod {
    /** By the file system, with fallocate(2). */
    NATIVE,
    /** By glibc, which wrote into every block: posix_fallocate(3). */
    EMULATED;

    /** Returns the name in lower case, for people and programs. */
    @Override
    public String toString() {
        return EnumLabels.of(this);
    }
}
