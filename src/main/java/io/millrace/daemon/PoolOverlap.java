// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.posix.BytePath;
import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells pools whose directories are the same as others or lie in one another, by whatever names: two pools would take
 * each other's files for their own, and what the service keeps for itself would be for anybody to claim. One reading of
 * a file.
 */
final class PoolOverlap {
    private static final byte[] UP = "..".getBytes(StandardCharsets.US_ASCII);

    /**
     * {@code what}: in words. {@code self}: empty where it has yet to be made. {@code above}: the directory itself and
     * all that it lies in, as the kernel has them.
     */
    private record Taken(String what, BytePath directory, Optional<FileStatus> self, List<FileStatus> above) {
        boolean liesIn(Taken other) {
            return other.self.isPresent() && above.stream().anyMatch(other.self.get()::isSameFileAs);
        }
    }

    private final Posix posix;
    private final List<Taken> taken = new ArrayList<>();

    PoolOverlap(Posix posix) {
        this.posix = posix;
    }

    /** The directory as it is; {@link IllegalArgumentException} that names the pool whose directory is in the way. */
    BytePath checked(String pool, BytePath directory) {
        List<FileStatus> above;
        try {
            above = above(directory);
        } catch (PosixException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        var mine = new Taken(
                "the directory of pool '" + Kind.shortened(pool) + "'", directory, Optional.of(above.get(0)), above);
        for (Taken other : taken) {
            if (mine.liesIn(other) || other.liesIn(mine)) {
                String how = !mine.liesIn(other) ? "holds" : other.liesIn(mine) ? "is" : "lies in";
                throw new IllegalArgumentException(directory + " " + how + " " + other.what() + ", " + other.directory()
                        + "; each pool needs one to itself");
            }
        }
        taken.add(mine);
        return directory;
    }

    /**
     * One of the service's own, which may have yet to be made, is in the way of pools too. Whoever may not look there
     * (anybody may read the file, for check-config and ctl) is not told of it; the service is, when it starts.
     */
    void add(String what, BytePath directory) {
        Optional<FileStatus> self = status(directory);
        try {
            taken.add(new Taken(what, directory, self, above(self.isPresent() ? directory : directory.parent())));
        } catch (PosixException e) {
            return; // as above
        }
    }

    private Optional<FileStatus> status(BytePath directory) {
        try {
            return Optional.of(posix.files().status(directory));
        } catch (PosixException e) {
            return Optional.empty();
        }
    }

    /** By way of {@code ..}, which follows what is on the disk and not the names of links. */
    private List<FileStatus> above(BytePath directory) throws PosixException {
        List<FileStatus> above = new ArrayList<>();
        BytePath at = directory;
        FileStatus status = posix.files().status(at);
        do {
            above.add(status);
            at = at.resolve(UP);
            status = posix.files().status(at);
        } while (!status.isSameFileAs(above.get(above.size() - 1))); // the root lies in itself
        return above;
    }
}
