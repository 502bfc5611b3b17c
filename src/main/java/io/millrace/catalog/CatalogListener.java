// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.posix.libc.BytePath;

/** Called by {@link Catalog#open} for what an operator has to know. */
public interface CatalogListener {
    CatalogListener NONE = new CatalogListener() {};

    /** The database was damaged, and has this name now. */
    default void onSetAside(BytePath setAside, String why) {}

    /** This backup of it was opened instead. */
    default void onRestored(BytePath backup) {}

    /** This backup could not be used, and the next older one is tried. */
    default void onUnusableBackup(BytePath backup, String why) {}

    /** A new, empty catalog was made. {@code backups}: how many backups of an older one there are, which were not used. */
    default void onCreated(BytePath database, int backups) {}
}
