// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

import java.util.Set;

/** What it means that a pass did not come by a name that the catalog has. */
public enum Absence {
    /** It is there: the pass did not get as far, or a filter left it out. */
    PRESENT,
    /** {@link Verdict#MISSING}: its file system is mounted where the source looks, and no file has the name. */
    MISSING,
    /** Its file system is not there: nothing of it is missing. */
    NOT_MOUNTED;

    /**
     * @param mounted the file systems that the walk came by
     * @param exists whether statx(2) without following links finds the name
     */
    public static Absence of(FileKey key, Set<FileSystemId> mounted, boolean exists) {
        if (!mounted.contains(key.fileSystem())) {
            return NOT_MOUNTED;
        }
        return exists ? PRESENT : MISSING;
    }
}
