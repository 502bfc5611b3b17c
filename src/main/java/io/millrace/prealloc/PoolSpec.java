// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.BytePath;
import java.util.OptionalInt;

/**
 * A directory to be kept filled with reserved files.
 *
 * @param name of the pool: letters, digits, dot, dash and underscore, at most 64
 * @param directory absolute; exists
 * @param fileBytes length and reservation of each file, 1 and more
 * @param ready how many files are kept, 0 to {@link #MOST_READY}
 * @param names how the files are called
 * @param permissions 0 to 0777
 * @param owner user id of the files; empty: that of the service
 * @param group group id of the files; empty: that of the service, or the directory's where it is setgid
 * @param reserve free space that filling never crosses
 */
public record PoolSpec(
        String name,
        BytePath directory,
        long fileBytes,
        int ready,
        NamePattern names,
        Fill fill,
        int permissions,
        OptionalInt owner,
        OptionalInt group,
        Reserve reserve) {
    public static final int MOST_READY = 100_000;
}
