// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import java.util.List;
import java.util.Set;

/**
 * The trees that requests from outside may name. Whatever such a request opens is opened here: below one of the trees,
 * without {@code ..}, and without following a symbolic link or a magic link of /proc, also when links are swapped
 * meanwhile. The trees themselves are the operator's word and may be reached through links. Any thread.
 */
public final class Roots {
    private final FileCalls files;
    private final List<BytePath> trees;

    /** @param trees absolute; none: every request is refused */
    public Roots(FileCalls files, List<BytePath> trees) {
        this.files = files;
        this.trees = List.copyOf(trees);
    }

    public List<BytePath> trees() {
        return trees;
    }

    /**
     * Opens a path below one of the trees, or a tree itself. By openat2(2) with RESOLVE_BENEATH, RESOLVE_NO_SYMLINKS and
     * RESOLVE_NO_MAGICLINKS; where that is ENOSYS, component by component with O_NOFOLLOW. The caller closes the result.
     *
     * @param path absolute
     * @throws OutsideException where the path is not below a tree, or would leave it
     */
    public OwnedFd open(BytePath path, Set<OpenFlag> flags) throws PosixException, OutsideException {
        throw new UnsupportedOperationException(files + " " + path + flags);
    }
}
