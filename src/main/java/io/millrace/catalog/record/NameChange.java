// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

import io.millrace.posix.libc.BytePath;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** How the name under which a pass found a file fits the names that the catalog has. */
public enum NameChange {
    /** The file is known under this name. */
    NONE,
    /** Neither the file nor the name is known. */
    NEW,
    /** The file is known under other names, and one of them is still there: a hard link more. */
    LINKED,
    /** The file is known under other names, and none of them is there any more. */
    MOVED,
    /** The name is known, and another file had it: replaced by rename(2), or removed and made anew, on the same inode too. */
    REPLACED;

    /**
     * Decides it for a file that was found as {@code current}.
     *
     * @param known the names of the file by the catalog, none where another file took its last one; empty for a file that it
     *     does not know
     * @param formerly the file that had the name, by the catalog
     * @param isStillThere whether a name still leads to this very file (statx: same file system, inode and generation); asked only
     *     where the answer matters
     */
    public static NameChange of(
            FileKey key,
            BytePath current,
            Optional<List<BytePath>> known,
            Optional<FileKey> formerly,
            Predicate<BytePath> isStillThere) {
        if (known.isEmpty()) {
            return formerly.filter(other -> !other.equals(key)).isPresent() ? REPLACED : NEW;
        }
        List<BytePath> names = known.get();
        if (names.contains(current)) {
            return NONE;
        }
        return names.stream().anyMatch(isStillThere) ? LINKED : MOVED;
    }

    /** Those of the file's known names that are to be dropped: a rename left them behind. */
    public static List<BytePath> goneNames(
            BytePath current, Collection<BytePath> known, Predicate<BytePath> isStillThere) {
        return known.stream()
                .filter(name -> !name.equals(current) && !isStillThere.test(name))
                .toList();
    }
}
