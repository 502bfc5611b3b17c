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
 * Finds pools whose directories are equal or nested, whatever their names are. Two such pools would use each other's
 * files, and files that the service keeps for itself could be claimed by clients. One instance serves one reading of a
 * file. If the kernel does not answer for a directory, only the names are compared.
 */
final class PoolOverlap {
    private static final byte[] UP = "..".getBytes(StandardCharsets.US_ASCII);

    /**
     * @param what the description of the owner
     * @param self empty if the directory does not exist yet
     * @param above the directory itself and all its ancestors, as the kernel reports them
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

    /**
     * Returns the directory unchanged. Throws an {@link IllegalArgumentException} that names the pool whose directory
     * overlaps.
     */
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
     * Adds a directory of the service itself, which need not exist yet and must not overlap with a pool either. A
     * caller without permission to look there (anybody may read the file for check-config and ctl) gets no error; the
     * service checks it again when it starts.
     */
    void add(String what, BytePath directory) {
        Optional<FileStatus> self = status(directory);
        try {
            taken.add(new Taken(what, directory, self, above(self.isPresent() ? directory : directory.parent())));
        } catch (PosixException e) {
            return; // the service checks it when it starts
        }
    }

    private Optional<FileStatus> status(BytePath directory) {
        try {
            return checks.status(directory);
        } catch (PosixException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns the ancestors as far up as the kernel answers; empty if it does not answer. They are found by {@code ..},
     * which follows the real hierarchy and not the names of symbolic links.
     */
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
                    && !status.get().isSameFileAs(above.get(above.size() - 1)); // the parent of the root is the root
        }
        return above;
    }
}
