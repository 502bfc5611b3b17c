// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import io.millrace.posix.FileCalls.ResolveFlag;
import io.millrace.posix.FileCalls;
import io.millrace.posix.FileType;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.linux.LongPath;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The directory trees that external requests may access. All files of such requests are opened here: below one of the
 * trees, without {@code ..}, and without following a symbolic link or a magic link of /proc, even if links are swapped
 * meanwhile. The trees themselves are configured by the operator and may be reached through links; they are opened
 * anew for each request, since the operator may replace them. Any thread.
 */
public final class Roots {
    private static final Set<ResolveFlag> INSIDE =
            Set.of(ResolveFlag.BENEATH, ResolveFlag.NO_SYMLINKS, ResolveFlag.NO_MAGICLINKS);
    private static final Set<OpenFlag> ON_THE_WAY = Set.of(OpenFlag.PATH, OpenFlag.NO_FOLLOW);
    private static final byte[] HERE = {'.'};
    private static final String LINK = "leads through a symbolic link";

    private final FileCalls files;
    private final List<BytePath> trees;
    private final List<PathComponents> names;

    /**
     * Determined by the first request and cached: the kernel, or a seccomp filter on this process, decides it for
     * good.
     */
    private volatile boolean lacksOpenat2;

    /**
     * @param trees absolute paths; if there are none, every request is refused
     * @throws IllegalArgumentException if a tree is relative or contains {@code ..}
     */
    public Roots(FileCalls files, List<BytePath> trees) {
        this.files = files;
        this.trees = List.copyOf(trees);
        this.names = trees.stream().map(Roots::namesOfTree).toList();
    }

    private static PathComponents namesOfTree(BytePath tree) {
        try {
            return PathComponents.of(tree);
        } catch (OutsideRootsException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    public List<BytePath> trees() {
        return trees;
    }

    /**
     * Opens a path below one of the trees, or a tree itself. Uses openat2(2) with RESOLVE_BENEATH, RESOLVE_NO_SYMLINKS
     * and RESOLVE_NO_MAGICLINKS; if that fails with ENOSYS or EPERM, or the path is longer than the kernel accepts,
     * opens it component by component with O_NOFOLLOW. Other errors are those of open(2). The caller closes the
     * result.
     *
     * @param path absolute; {@code .}, repeated slashes and trailing slashes are ignored
     * @param flags none that creates a file: {@link #openParent} is for that
     * @throws OutsideRootsException if the path is relative, has a {@code ..}, is not below a tree, or meets a link
     *     below it
     */
    public OwnedFd open(BytePath path, Set<OpenFlag> flags) throws PosixException, OutsideRootsException {
        if (flags.contains(OpenFlag.CREATE) || flags.contains(OpenFlag.TEMPORARY)) {
            throw new IllegalArgumentException("open creates no file: " + flags);
        }
        return open(path, PathComponents.of(path), flags);
    }

    /**
     * Opens the parent directory of a path, as {@link #open} does, for callers that create, rename or remove the last
     * component in it. The directory is opened for reading, not with O_PATH, because fsync(2) may be called on it;
     * this requires the permission to read it. The caller closes the result.
     *
     * @param path as for {@link #open}, but without a trailing slash, which would denote a directory; its last
     *     component is {@link BytePath#fileName()} and need not exist
     * @throws OutsideRootsException as {@link #open}; also if the directory is above all trees, as for a tree itself
     *     that is not inside another, and if the path does not end in a name
     */
    public OwnedFd openParent(BytePath path) throws PosixException, OutsideRootsException {
        return openParent(path, Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY));
    }

    /** Like {@link #openParent(BytePath)}, with other flags than those for reading. */
    public OwnedFd openParent(BytePath path, Set<OpenFlag> flags) throws PosixException, OutsideRootsException {
        PathComponents all = PathComponents.of(path);
        if (all.count() == 0 || path.endsInSlash() || !BytePath.of(all.last()).equals(path.fileName())) {
            throw new OutsideRootsException(path, "does not end in a name");
        }
        return open(path, all.parent(), flags);
    }

    private OwnedFd open(BytePath path, PathComponents wanted, Set<OpenFlag> flags)
            throws PosixException, OutsideRootsException {
        int chosen = longestTreeOver(wanted);
        if (chosen < 0) {
            throw new OutsideRootsException(path, elsewhere());
        }
        PathComponents rest = wanted.from(names.get(chosen).count());
        try (var tree = files.open(trees.get(chosen), Set.of(OpenFlag.PATH, OpenFlag.DIRECTORY))) {
            if (rest.count() == 0) {
                return files.openAt(tree, HERE, path, flags);
            }
            byte[] joined = rest.joined();
            if (!lacksOpenat2 && joined.length < LongPath.PATH_MAX) {
                try {
                    return atOnce(tree, joined, path, flags);
                } catch (PosixException e) {
                    if (e.is(Errno.ENOSYS)) {
                        lacksOpenat2 = true;
                    } else if (!e.is(Errno.EPERM)) { // seccomp filters return it for unknown calls
                        throw e;
                    }
                }
            }
            return stepByStep(tree, rest, path, flags);
        }
    }

    private String elsewhere() {
        if (trees.isEmpty()) {
            return "is not below a configured root: no roots are configured";
        }
        return "is not below a configured root: "
                + trees.stream().map(BytePath::display).collect(Collectors.joining(", "));
    }

    private int longestTreeOver(PathComponents wanted) {
        int longest = -1;
        for (int i = 0; i < names.size(); i++) {
            boolean longer =
                    longest < 0 || names.get(i).count() > names.get(longest).count();
            if (longer && wanted.startsWith(names.get(i))) {
                longest = i;
            }
        }
        return longest;
    }

    private OwnedFd atOnce(OwnedFd tree, byte[] rest, BytePath path, Set<OpenFlag> flags)
            throws PosixException, OutsideRootsException {
        Set<OpenFlag> following = EnumSet.noneOf(OpenFlag.class);
        following.addAll(flags);
        following.remove(OpenFlag.NO_FOLLOW); // with O_PATH it would open a trailing link instead of refusing it
        try {
            return files.openAt2(tree, rest, path, following, INSIDE);
        } catch (PosixException e) {
            if (e.is(Errno.ELOOP)) {
                throw new OutsideRootsException(path, LINK);
            }
            if (e.is(Errno.EXDEV)) {
                throw new OutsideRootsException(path, elsewhere());
            }
            throw e;
        }
    }

    private OwnedFd stepByStep(OwnedFd tree, PathComponents rest, BytePath path, Set<OpenFlag> flags)
            throws PosixException, OutsideRootsException {
        boolean endsInDirectory = flags.contains(OpenFlag.DIRECTORY);
        Set<OpenFlag> atTheEnd = EnumSet.of(OpenFlag.NO_FOLLOW);
        atTheEnd.addAll(flags);
        OwnedFd place = tree;
        try {
            for (byte[] name : (endsInDirectory ? rest : rest.parent()).names()) {
                OwnedFd next = step(place, name, path, ON_THE_WAY);
                closeUnless(tree, place);
                place = next;
            }
            return step(place, endsInDirectory ? HERE : rest.last(), path, atTheEnd);
        } finally {
            closeUnless(tree, place);
        }
    }

    private static void closeUnless(OwnedFd tree, OwnedFd place) {
        if (place != tree) {
            place.close();
        }
    }

    /**
     * O_NOFOLLOW rejects a link with ELOOP; with O_PATH it opens the link itself, so that its type can be checked
     * (O_DIRECTORY would fail with ENOTDIR, as for any file).
     */
    private OwnedFd step(OwnedFd place, byte[] name, BytePath path, Set<OpenFlag> flags)
            throws PosixException, OutsideRootsException {
        OwnedFd opened;
        try {
            opened = files.openAt(place, name, path, flags);
        } catch (PosixException e) {
            if (e.is(Errno.ELOOP)) {
                throw new OutsideRootsException(path, LINK);
            }
            throw e;
        }
        boolean right = false;
        try {
            right = !flags.contains(OpenFlag.PATH) || files.status(opened).type() != FileType.SYMLINK;
        } finally {
            if (!right) {
                opened.close();
            }
        }
        if (!right) {
            throw new OutsideRootsException(path, LINK);
        }
        return opened;
    }
}
