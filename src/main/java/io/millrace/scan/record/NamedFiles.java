// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.record;

import io.millrace.catalog.record.FileKey;
import io.millrace.catalog.record.FileSystemId;
import io.millrace.posix.FileStatus;
import io.millrace.posix.FileType;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.observe.FileKeys;
import java.util.Optional;
import java.util.Set;

/**
 * Asks the file system about names that the catalog has: whether they are there, which file they lead to, and whether the file
 * system is mounted there. One thread.
 */
final class NamedFiles {
    private static final Set<OpenFlag> DIRECTORY = Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY);
    private static final Set<OpenFlag> FILE =
            Set.of(OpenFlag.READ_ONLY, OpenFlag.NO_FOLLOW, OpenFlag.NONBLOCK, OpenFlag.NO_CONTROLLING_TERMINAL);

    private final Posix posix;
    private final FileKeys keys;
    private Optional<Above> last = Optional.empty();

    /** The nearest directory that is there above a name, and its file system. */
    private record Above(BytePath parent, boolean isParent, Optional<FileSystemId> fileSystem) {}

    NamedFiles(Posix posix) {
        this.posix = posix;
        this.keys = new FileKeys(posix);
    }

    /** What an open file of this name is; the caller closes it. */
    record Found(OwnedFd fd, FileStatus status) {}

    /** Opens the regular file of a name, if it is this very file; not through a symbolic link. */
    Optional<Found> open(BytePath path, FileKey key) {
        OwnedFd fd;
        try {
            fd = posix.files().open(path, FILE);
        } catch (PosixException e) {
            return Optional.empty();
        }
        boolean isKept = false;
        try {
            FileStatus status = posix.files().status(fd);
            boolean isSame = status.type() == FileType.REGULAR
                    && status.inode() == key.inode()
                    && keys.of(fd, status).equals(key);
            isKept = isSame;
            return isSame ? Optional.of(new Found(fd, status)) : Optional.empty();
        } catch (PosixException e) {
            return Optional.empty();
        } finally {
            if (!isKept) {
                fd.close();
            }
        }
    }

    /** Whether a name leads to this very file. */
    boolean leadsTo(BytePath path, FileKey key) {
        Optional<Found> found = open(path, key);
        found.ifPresent(file -> file.fd().close());
        return found.isPresent();
    }

    /** Whether there is anything of this name, a symbolic link too. Unsure counts as there. */
    boolean exists(BytePath path) {
        if (!above(path).isParent()) {
            return false;
        }
        try (OwnedFd directory = posix.files().open(path.parent(), DIRECTORY)) {
            var unused = posix.files().statusAt(directory, path.fileName().toBytes(), path);
            return true;
        } catch (PosixException e) {
            return !isGone(e);
        }
    }

    /** The file system on which the name is, or would be. */
    Optional<FileSystemId> fileSystemAt(BytePath path) {
        last = Optional.empty(); // it may have been unmounted since
        return above(path).fileSystem();
    }

    private Above above(BytePath path) {
        BytePath parent = path.parent();
        if (last.isPresent() && last.get().parent().equals(parent)) {
            return last.get();
        }
        Above found = new Above(parent, false, Optional.empty());
        boolean isKnown = false;
        for (BytePath at = parent; !isKnown; at = at.parent()) {
            isKnown = at.equals(BytePath.of("/"));
            try (OwnedFd directory = posix.files().open(at, DIRECTORY)) {
                FileStatus status = posix.files().status(directory);
                found = new Above(parent, at.equals(parent), Optional.of(keys.fileSystem(directory, status)));
                isKnown = true;
            } catch (PosixException e) {
                if (!isGone(e)) {
                    found = new Above(parent, at.equals(parent), Optional.empty());
                    isKnown = true; // who may not look there does not call it missing
                }
            }
        }
        last = Optional.of(found);
        return found;
    }

    private static boolean isGone(PosixException e) {
        return e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR);
    }
}
