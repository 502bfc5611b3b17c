// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.posix.BytePath;
import io.millrace.posix.Roots;
import java.util.Iterator;
import java.util.Optional;

/**
 * Where to go and what to pass over. Good for one walk, which uses the paths up.
 *
 * @param paths files, and directories with all that is below them; pulled as they are needed
 * @param within trees that the paths may not leave, which have to be absolute then: each is opened by way of {@link
 *     Roots} and nothing by its whole name, so a link that is swapped in meanwhile leads nowhere. Empty where the paths
 *     are the operator's own words, which may be links
 */
public record Walk(Iterator<BytePath> paths, Optional<Roots> within, FileFilter filter, FileOrder order) {
    /** All that is there, as directories list it. */
    public static Walk of(Iterator<BytePath> paths) {
        return new Walk(paths, Optional.empty(), FileFilter.ALL, FileOrder.DIRECTORY);
    }
}
