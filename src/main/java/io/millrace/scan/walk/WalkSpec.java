// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import io.millrace.files.RecordReader;
import io.millrace.files.Roots;
import io.millrace.posix.libc.BytePath;
import java.util.Iterator;
import java.util.Optional;

/**
 * Where to walk and what to skip. It is used for one walk, which consumes the paths.
 *
 * @param paths files, and directories with everything below them; pulled as they are needed
 * @param within trees that the paths, which then have to be absolute, may not leave: each path is opened through
 *     {@link Roots} and never by its whole name, so a symbolic link that is swapped in meanwhile cannot escape. Empty
 *     if the paths come from the operator and may be symbolic links
 * @param given what the given paths may be
 * @param oneFileSystem whether to skip directories below a given path that lie on another file system than their
 *     parent, by st_dev, like find -xdev
 */
public record WalkSpec(
        Iterator<BytePath> paths,
        Optional<Roots> within,
        FileFilter filter,
        FileOrder order,
        Given given,
        boolean oneFileSystem) {
    /** What a given path may refer to. */
    public enum Given {
        /** A file, or a directory with everything below it. */
        FILES_AND_TREES(true, false),
        /** A file; a directory is reported as an error. */
        FILES(false, false),
        /** Like {@link #FILES_AND_TREES}, and {@code -} stands for descriptor 0. */
        FILES_TREES_AND_STANDARD_INPUT(true, true),
        /** Like {@link #FILES}, and {@code -} stands for descriptor 0. */
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

    /** Creates a specification for files and trees. */
    public WalkSpec(Iterator<BytePath> paths, Optional<Roots> within, FileFilter filter, FileOrder order) {
        this(paths, within, filter, order, Given.FILES_AND_TREES, false);
    }

    /** Creates a specification for everything below the paths, in directory order. */
    public static WalkSpec of(Iterator<BytePath> paths) {
        return new WalkSpec(paths, Optional.empty(), FileFilter.ALL, FileOrder.DIRECTORY);
    }

    /** Returns a copy with another order. */
    public WalkSpec ordered(FileOrder wanted) {
        return new WalkSpec(paths, within, filter, wanted, given, oneFileSystem);
    }

    /** Creates a specification in which each path is a file; a directory is reported as an error. */
    public static WalkSpec ofFiles(Iterator<BytePath> paths) {
        return ofFiles(paths, Given.FILES);
    }

    /** Creates a specification in which each path is what {@code given} allows. */
    public static WalkSpec ofFiles(Iterator<BytePath> paths, Given given) {
        return new WalkSpec(paths, Optional.empty(), FileFilter.ALL, FileOrder.DIRECTORY, given, false);
    }
}
