// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.posix.libc.BytePath;
import java.io.IOException;

/** Called by {@link CatalogReader} for one entry after the other, in the caller's thread. */
public interface EntryVisitor {
    /** False ends the visit. */
    boolean onEntry(CatalogEntry entry) throws IOException;

    /** The record of this name is damaged; false ends the visit, and unless overridden it throws. */
    default boolean onDamaged(BytePath path, CatalogException why) throws IOException {
        throw why;
    }
}
