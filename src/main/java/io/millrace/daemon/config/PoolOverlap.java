// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.posix.FileStatus;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells pools whose directories are the same as others or lie in one another, by whatever names: two pools would take
 * each other's files for their own, and what the service keeps for itself would be for anybody to claim. One reading of
 * a file. Of a directory that the kernel does not answer for, the names alone are compared.
 */
final class PoolOverlap {
    private static final byte[] UP = "..".getBytes(StandardCharsets.US_ASCII);

    /**
     * {@code what}: in words. {@code self}: empty where it has yet to be made. {@code above}: the directory itself and
     * all that it lies in, as the kernel has them.
     */
    private record Taken(String what, BytePath directory, Optional<FileStatus> self, List<FileStatus> above) {
        boolean liesIn(Taken other) {
            return (other.self.isPresent() && above.stream().anyMatch(other.self.get()::isSameFileAs))
                    || ((self.isEmpty() || other.self.isEmpty()) && isBelowByName(other.directory));
        }

        private boolean isBelowByName(BytePath other) {
            String mine = BytePath.decode(directory.toBytes()) + "/";
            return mine.startsWith(BytePath.decode(other.toBytes()) + "/");
        }
    }

    private final PathChecks checks;
    private final List<Taken> taken = new ArrayList<>();

    PoolOverlap(PathChecks checks) {
        this.checks = checks;
    }

    /** The directory as it is; {@link IllegalArgumentException} that names the pool whose directory is in the way. */
    BytePath checked(String pool, BytePath directory) {
        List<FileStatus> above;
        try {
            above = above(directory);
        } catch (PosixException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        var self = above.stream().findFirst();
        var mine = new Taken("the directory of pool '" + ValueParser.shortened(pool) + "'", directory, self, above);
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
            return checks.status(directory);
        } catch (PosixException e) {
            return Optional.empty();
        }
    }

    /** Empty where there is no answer; as far up as there is one. By way of {@code ..}, which follows what is on the disk and not the names of links. */
    private List<FileStatus> above(BytePath directory) throws PosixException {
        List<FileStatus> above = new ArrayList<>();
        BytePath at = directory;
        Optional<FileStatus> status = checks.status(at);
        boolean more = status.isPresent();
        while (more) {
            above.add(status.orElseThrow());
            at = at.resolve(UP);
            status = checks.status(at);
            more = status.isPresent()
                    && !status.get().isSameFileAs(above.get(above.size() - 1)); // the root lies in itself
        }
        return above;
    }
}
