// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.BytePath;
import io.millrace.posix.FileCalls;
import io.millrace.posix.FileStatus;
import io.millrace.posix.PosixException;
import java.util.Optional;

/**
 * Finds out whether somebody else may exchange a directory for another one, or for a symbolic link: who may write to a
 * directory may rename and remove what is in it, but for others' files where it is sticky (unlink(2), EPERM). The
 * superuser and this process itself are nobody else. Looks at the path as it is written, not at where its links lead.
 * Stateless.
 *
 * @param user the effective user of this process
 */
public record PathExposure(FileCalls files, int user) {
    private static final int STICKY = 01000;
    private static final int GROUP_WRITES = 0020;
    private static final int OTHERS_WRITE = 0002;

    /** Who may exchange it, in words that follow its path; empty where nobody can, or a directory above cannot be asked. */
    public Optional<String> of(BytePath directory) {
        BytePath entry = directory;
        BytePath above = entry.parent();
        try {
            while (!above.equals(entry)) {
                Optional<String> who = writers(above, entry);
                if (who.isPresent()) {
                    return who;
                }
                entry = above;
                above = entry.parent();
            }
        } catch (PosixException e) {
            return Optional.empty(); // whoever opens the directory hears of it
        }
        return Optional.empty();
    }

    private Optional<String> writers(BytePath above, BytePath entry) throws PosixException {
        FileStatus status = files.status(above);
        if (isOther(status.uid())) {
            return Optional.of("user " + status.uid() + ", who owns " + above.display() + ", may exchange it");
        }
        int mode = status.permissions();
        boolean isSticky = (mode & STICKY) != 0;
        if ((mode & (GROUP_WRITES | OTHERS_WRITE)) == 0
                || isSticky && !isOther(files.status(entry).uid())) {
            return Optional.empty();
        }
        String who = (mode & OTHERS_WRITE) != 0 ? "everybody" : "group " + status.gid();
        String rest = isSticky ? "user " + files.status(entry).uid() : who;
        return Optional.of(
                rest + " may exchange it, since " + above.display() + " has mode " + String.format("%04o", mode));
    }

    private boolean isOther(int owner) {
        return owner != 0 && owner != user;
    }
}
