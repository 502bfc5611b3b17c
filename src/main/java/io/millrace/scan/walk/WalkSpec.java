// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import io.millrace.files.RecordReader;
import io.millrace.files.Roots;
import io.millrace.posix.libc.BytePath;
import java.util.Iterator;
import java.util.Optional;

/**
 * Where to go and what to pass over. Good for one walk, which uses the paths up.
 *
 * @param paths files, and directories with all that is below them; pulled as they are needed
 * @param within trees that the paths may not leave, which have to be absolute then: each is opened by way of {@link
 *     Roots} and nothing by its whole name, so a link that is swapped in meanwhile leads nowhere. Empty where the paths
 *     are the operator's own words, which may be links
 * @param given what the paths may be
 * @param oneFileSystem whether directories below a given path are left out that lie on another file system than their
 *     parent, by st_dev as find -xdev does it
 */
public record WalkSpec(
        Iterator<BytePath> paths,
        Optional<Roots> within,
        FileFilter filter,
        FileOrder order,
        Given given,
        boolean oneFileSystem) {
    /** What a path that is given may lead to. */
    public enum Given {
        /** A file, or a directory with all that is below it. */
        FILES_AND_TREES(true, false),
        /** A file; a directory is an error in its place. */
        FILES(false, false),
        /** As {@link #FILES_AND_TREES}, and {@code -} is descriptor 0. */
        FILES_TREES_AND_STANDARD_INPUT(true, true),
        /** As {@link #FILES}, and {@code -} is descriptor 0. */
        FILES_AND_STANDARD_INPUT(false, true);

        private final boolean trees;
        private final boolean standardInput;

        Given(boolean trees, boolean standardInput) {
            this.trees = trees;
            this.standardInput = standardInput;
        }

        boolean entersDirectories() {
            return trees;
        }

        boolean isStandardInput(BytePath path) {
            return standardInput && path.equals(RecordReader.STANDARD_INPUT);
        }
    }

    /** Of files and trees. */
    public WalkSpec(Iterator<BytePath> paths, Optional<Roots> within, FileFilter filter, FileOrder order) {
        this(paths, within, filter, order, Given.FILES_AND_TREES, false);
    }

    /** All that is there, as directories list it. */
    public static WalkSpec of(Iterator<BytePath> paths) {
        return new WalkSpec(paths, Optional.empty(), FileFilter.ALL, FileOrder.DIRECTORY);
    }

    /** The same, with the files of a directory in another order. */
    public WalkSpec ordered(FileOrder wanted) {
        return new WalkSpec(paths, within, filter, wanted, given, oneFileSystem);
    }

    /** Each path one file: a directory fails. */
    public static WalkSpec ofFiles(Iterator<BytePath> paths) {
        return ofFiles(paths, Given.FILES);
    }

    /** Each path what {@code given} says. */
    public static WalkSpec ofFiles(Iterator<BytePath> paths, Given given) {
        return new WalkSpec(paths, Optional.empty(), FileFilter.ALL, FileOrder.DIRECTORY, given, false);
    }
}
