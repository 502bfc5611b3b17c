// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import java.util.ArrayList;
import java.util.List;

/**
 * Number of skipped directory entries, by reason.
 *
 * @param symbolicLinks symbolic links below directories, which are not followed
 * @param specialFiles FIFOs, devices and sockets
 * @param filtered files and directories that a {@link FileFilter} rejected; a directory counts as one with everything
 *     below it
 * @param otherFileSystems mounts that store no files (/proc, /sys), or that {@link WalkSpec#oneFileSystem} excludes
 */
public record Skipped(long symbolicLinks, long specialFiles, long filtered, long otherFileSystems) {
    public static final Skipped NONE = new Skipped(0, 0, 0, 0);

    public long total() {
        return symbolicLinks + specialFiles + filtered + otherFileSystems;
    }

    /** Returns the reasons that occurred, for display: "3 symbolic links, 1 filtered". */
    public String reasons() {
        List<String> reasons = new ArrayList<>();
        add(reasons, symbolicLinks, symbolicLinks == 1 ? "symbolic link" : "symbolic links");
        add(reasons, specialFiles, specialFiles == 1 ? "special file" : "special files");
        add(reasons, filtered, "filtered");
        add(reasons, otherFileSystems, otherFileSystems == 1 ? "other file system" : "other file systems");
        return String.join(", ", reasons);
    }

    private static void add(List<String> reasons, long count, String noun) {
        if (count > 0) {
            reasons.add(count + " " + noun);
        }
    }
}
