// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.prealloc.AllocateOption;
import io.millrace.prealloc.AllocationRequest;
import io.millrace.prealloc.FillMode;
import io.millrace.prealloc.Ownership;
import io.millrace.prealloc.Reserve;
import io.millrace.units.FileMode;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The configuration of a pool: a directory to be kept filled with reserved files.
 *
 * @param name of the pool: letters, digits, dot, dash and underscore, at most 64 characters, not starting with a dot
 * @param directory absolute path of an existing directory
 * @param fileBytes length and reservation of each file, at least 1
 * @param ready how many files are kept, 0 to {@link #MAX_READY}
 * @param names pattern of the file names
 * @param permissions 0 to 0777
 * @param owner user id of the files, unsigned as in the kernel; empty: that of the service
 * @param group group id of the files, unsigned; empty: that of the service, or the directory's if it is setgid
 * @param reserve free space that filling never crosses
 */
public record PoolSpec(
        String name,
        BytePath directory,
        long fileBytes,
        int ready,
        NamePattern names,
        FillMode fill,
        int permissions,
        OptionalInt owner,
        OptionalInt group,
        Reserve reserve) {
    public static final int MAX_READY = 100_000;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");

    /** The value by which chown(2) leaves an id unchanged. */
    private static final int NOBODY_AT_ALL = -1;

    /** Throws an {@link IllegalArgumentException} whose message says what is wrong. */
    public PoolSpec {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a pool's name is made of letters, digits, '.', '-' and '_', 64 at most,"
                    + " and does not begin with a dot");
        }
        if (directory.toBytes()[0] != '/') {
            throw new IllegalArgumentException("a pool's directory is absolute, not " + directory);
        }
        if (fileBytes < 1) {
            throw new IllegalArgumentException("a pool's files have at least 1 byte, not " + fileBytes);
        }
        checkReady(ready);
        FileMode.check(permissions);
        if (owner.equals(OptionalInt.of(NOBODY_AT_ALL)) || group.equals(OptionalInt.of(NOBODY_AT_ALL))) {
            throw new IllegalArgumentException("4294967295 is the number of no user and no group");
        }
    }

    /** Throws {@link IllegalArgumentException} outside 0 to {@link #MAX_READY}. */
    public static void checkReady(int ready) {
        if (ready < 0 || ready > MAX_READY) {
            throw new IllegalArgumentException("a pool keeps 0 to " + MAX_READY + " files, not " + ready);
        }
    }

    PoolSpec withReady(int files) {
        return new PoolSpec(name, directory, fileBytes, files, names, fill, permissions, owner, group, reserve);
    }

    AllocationRequest request() {
        return new AllocationRequest(
                new ByteRange(0, fileBytes),
                permissions,
                reserve,
                Set.of(AllocateOption.NEW_ONLY),
                new Ownership(owner, group),
                fill);
    }
}
