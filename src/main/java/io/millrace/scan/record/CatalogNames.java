// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.record;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.Optional;
import java.util.Set;

/**
 * Names as the catalog has them: absolute, without symbolic links on the way. The kernel tells them, by the link of an open
 * descriptor in /proc. One thread.
 */
public final class CatalogNames {
    private static final Set<OpenFlag> ANY = Set.of(OpenFlag.PATH);
    private static final Set<OpenFlag> LINK = Set.of(OpenFlag.PATH, OpenFlag.NO_FOLLOW);

    private final Posix posix;
    private Optional<BytePath> lastParent = Optional.empty();
    private BytePath lastName = BytePath.of("/");

    public CatalogNames(Posix posix) {
        this.posix = posix;
    }

    /**
     * The name of a file that was found.
     *
     * @param isGiven whether its last component may be a symbolic link
     */
    BytePath of(BytePath path, boolean isGiven) throws PosixException {
        if (isGiven) {
            Optional<BytePath> whole = resolved(path);
            if (whole.isPresent()) {
                return whole.get();
            }
        }
        BytePath parent = path.parent();
        if (lastParent.isEmpty() || !lastParent.get().equals(parent)) {
            lastName = resolved(parent).orElseGet(() -> absolute(parent));
            lastParent = Optional.of(parent);
        }
        return lastName.resolve(path.fileName().toBytes());
    }

    /** The name of a directory or file that may be there; as it was given, and absolute, where it is not. */
    public BytePath of(BytePath path) {
        return resolved(path).orElseGet(() -> {
            BytePath parent = path.parent();
            boolean isTop = path.equals(BytePath.of("/")) || path.equals(BytePath.of("."));
            return isTop
                    ? absolute(path)
                    : resolved(parent)
                            .orElseGet(() -> absolute(parent))
                            .resolve(path.fileName().toBytes());
        });
    }

    private Optional<BytePath> resolved(BytePath path) {
        try (OwnedFd fd = posix.files().open(path, ANY);
                OwnedFd link = posix.files().open(fd.procPath(), LINK)) {
            byte[] name = posix.files().readLink(link);
            return name.length > 0 && name[0] == '/' ? Optional.of(BytePath.of(name)) : Optional.empty();
        } catch (PosixException e) {
            return Optional.empty(); // it is gone, or there is no /proc
        }
    }

    private BytePath absolute(BytePath path) {
        byte[] bytes = path.toBytes();
        if (bytes[0] == '/') {
            return path;
        }
        try {
            BytePath here = posix.process().workingDirectory();
            return path.equals(BytePath.of(".")) ? here : here.resolve(bytes);
        } catch (PosixException e) {
            return BytePath.of("/").resolve(bytes);
        }
    }
}
