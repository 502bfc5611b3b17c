// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.posix.BytePath;
import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells pools whose directories are the same or lie in one another, by whatever names: two of them would take each
 * other's files for their own. One reading of a file.
 */
final class PoolOverlap {
    private static final byte[] UP = "..".getBytes(StandardCharsets.US_ASCII);

    /** {@code above}: the directory itself and all that it lies in, as the kernel has them. */
    private record Taken(String pool, BytePath directory, List<FileStatus> above) {
        boolean liesIn(Taken other) {
            return above.stream().anyMatch(other.above.get(0)::isSameFileAs);
        }
    }

    private final Posix posix;
    private final List<Taken> taken = new ArrayList<>();

    PoolOverlap(Posix posix) {
        this.posix = posix;
    }

    /** The directory as it is; {@link IllegalArgumentException} that names the pool whose directory is in the way. */
    BytePath checked(String pool, BytePath directory) {
        var mine = new Taken(pool, directory, above(directory));
        for (Taken other : taken) {
            if (mine.liesIn(other) || other.liesIn(mine)) {
                String how = !mine.liesIn(other) ? "holds" : other.liesIn(mine) ? "is" : "lies in";
                throw new IllegalArgumentException(directory + " " + how + " the directory of pool '"
                        + Kind.shortened(other.pool()) + "', " + other.directory() + "; each pool needs one to itself");
            }
        }
        taken.add(mine);
        return directory;
    }

    /** By way of {@code ..}, which follows what is on the disk and not the names of links. */
    private List<FileStatus> above(BytePath directory) {
        List<FileStatus> above = new ArrayList<>();
        try {
            BytePath at = directory;
            FileStatus status = posix.files().status(at);
            do {
                above.add(status);
                at = at.resolve(UP);
                status = posix.files().status(at);
            } while (!status.isSameFileAs(above.get(above.size() - 1))); // the root lies in itself
        } catch (PosixException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return above;
    }
}
