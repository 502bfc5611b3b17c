// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import io.millrace.files.Roots;
import io.millrace.posix.FileType;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the given paths of a walk: by name, following symbolic links, or through {@link Roots}. A path may change
 * between two of these calls, so the type is checked again after the open. Any thread; it owns nothing that has to be
 * closed.
 */
final class RootOpener {
    private static final Set<OpenFlag> LOOK = Set.of(OpenFlag.PATH);
    /** O_PATH, because a directory may be searchable without being readable. */
    private static final Set<OpenFlag> SEARCH = Set.of(OpenFlag.PATH, OpenFlag.DIRECTORY);

    private static final Set<OpenFlag> LIST = Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY);

    private final Posix posix;
    private final @Nullable Roots within;

    RootOpener(Posix posix, Optional<Roots> within) {
        this.posix = posix;
        this.within = within.orElse(null);
    }

    FileType type(BytePath path) throws IOException {
        if (within != null && path.toBytes()[0] != '/') {
            throw new IOException(path + ": is not an absolute path");
        }
        if (within == null) {
            return posix.files().status(path).type();
        }
        try (var fd = within.open(path, LOOK)) {
            return posix.files().status(fd).type();
        }
    }

    /** Opens a directory; the caller closes the descriptor. */
    OwnedFd directory(BytePath path) throws IOException {
        return within == null ? posix.files().open(path, LIST) : within.open(path, LIST);
    }

    /**
     * Returns an entry for a given file. Within roots it is a name in a directory that was opened through the roots.
     */
    WalkEntry file(long sequence, BytePath path) throws IOException {
        if (within == null) {
            return new WalkEntry(sequence, path, null, path.toBytes(), null);
        }
        BytePath parent = path.parent();
        var directory = new SharedDirectory(posix.files().list(within.open(parent, SEARCH), parent));
        return new WalkEntry(sequence, path, directory, path.fileName().toBytes(), null);
    }
}
