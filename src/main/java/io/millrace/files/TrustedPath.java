// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import io.millrace.posix.FileStatus;
import io.millrace.posix.FileType;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.units.FileMode;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;

/**
 * Resolves a directory and verifies that only root and this process's user can replace it or a file in it: neither the
 * directory nor any directory or symbolic link on the way is writable by others. Checks the same as sshd's
 * {@code StrictModes} and sudo's {@code sudo_secure_path}, and access control lists too. Stateless; any thread.
 *
 * <ul>
 *   <li>A directory belongs to root or to this process's user.
 *   <li>Nobody else may write it, except members of this process's own group.
 *   <li>On the way a sticky directory (/tmp) may be writable by all: in it only the owner of an entry may rename it
 *       (chmod(1)), and the next component must have a trusted owner.
 *   <li>On the way, in a user namespace, entries of unmapped users were put there by the creator of the namespace.
 * </ul>
 */
public final class TrustedPath {
    private static final int WRITE = 2;
    private static final int STICKY = 01000;
    /** The kernel's own limit of links on one path (path_resolution(7)). */
    private static final int MAX_LINKS = 40;

    private static final Set<OpenFlag> STEP = Set.of(OpenFlag.PATH, OpenFlag.NO_FOLLOW);
    private static final Set<OpenFlag> ROOT = Set.of(OpenFlag.PATH, OpenFlag.DIRECTORY);
    private static final byte[] PARENT = {'.', '.'};

    private final Posix posix;
    private final UserNamespace namespace;
    private final Deque<byte[]> ahead = new ArrayDeque<>();
    private OwnedFd at;
    private FileStatus status;
    private BytePath real;
    private boolean wasSticky;

    private TrustedPath(Posix posix) throws PosixException {
        this.posix = posix;
        this.namespace = UserNamespace.ofProcess();
        this.real = BytePath.of("/");
        this.at = posix.files().open(real, ROOT);
        this.status = posix.files().status(at);
    }

    /**
     * Returns the path without symbolic links, {@code .} and {@code ..}.
     *
     * @param directory exists; a relative one is resolved against the working directory
     * @throws UntrustedException if another user could replace it
     * @throws PosixException if it cannot be reached; ENOTDIR if it is no directory
     */
    public static BytePath require(Posix posix, BytePath directory) throws PosixException, UntrustedException {
        return require(posix, directory, false);
    }

    /**
     * Like {@link #require(Posix, BytePath)}, for a directory in which a subdirectory is to be created that nobody
     * else can replace: it may be sticky and writable by all.
     */
    public static BytePath requireAbove(Posix posix, BytePath directory) throws PosixException, UntrustedException {
        return require(posix, directory, true);
    }

    private static BytePath require(Posix posix, BytePath directory, boolean onTheWay)
            throws PosixException, UntrustedException {
        var walk = new TrustedPath(posix);
        try {
            walk.enqueue(absolute(posix, directory));
            walk.walk(directory);
            walk.check(onTheWay);
            return walk.real;
        } finally {
            walk.at.close();
        }
    }

    /**
     * Whether only root and this process's user can have put the directory where it is, whoever owns it: all
     * directories above it meet {@link #require}, and its parent is not writable by all, not even with the sticky bit.
     */
    public static boolean isGiven(Posix posix, BytePath directory) throws PosixException {
        var walk = new TrustedPath(posix);
        try {
            walk.enqueue(absolute(posix, directory));
            walk.walk(directory);
            return !walk.wasSticky;
        } catch (UntrustedException e) {
            return false;
        } finally {
            walk.at.close();
        }
    }

    /**
     * Returns who else could replace a directory that may itself belong to and be writable by anybody: one line that
     * names the place. Empty if nobody can, or if the directory cannot be reached; opening it reports that.
     */
    public static Optional<String> exposure(Posix posix, BytePath directory) {
        try {
            var walk = new TrustedPath(posix);
            try {
                walk.enqueue(absolute(posix, directory));
                walk.walk(directory);
                if (walk.wasSticky) { // where only its owner can rename it
                    walk.requireOwner(walk.status, walk.real, false);
                }
                return Optional.empty();
            } finally {
                walk.at.close();
            }
        } catch (UntrustedException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (PosixException e) {
            return Optional.empty();
        }
    }

    private static byte[] absolute(Posix posix, BytePath path) throws PosixException {
        byte[] bytes = path.toBytes();
        return bytes[0] == '/'
                ? bytes
                : posix.process().workingDirectory().resolve(bytes).toBytes();
    }

    private void enqueue(byte[] path) {
        int end = path.length;
        while (end > 0) { // from the last, since each is pushed to the front
            int start = end;
            while (start > 0 && path[start - 1] != '/') {
                start--;
            }
            byte[] name = Arrays.copyOfRange(path, start, end);
            if (name.length > 0 && !Arrays.equals(name, new byte[] {'.'})) {
                ahead.push(name);
            }
            end = start - 1;
        }
    }

    private void walk(BytePath goal) throws PosixException, UntrustedException {
        int links = 0;
        while (!ahead.isEmpty()) {
            check(true);
            byte[] name = ahead.pop();
            boolean up = Arrays.equals(name, PARENT);
            BytePath path = up ? real.parent() : real.resolve(name);
            OwnedFd next = posix.files().openAt(at, name, path, STEP);
            FileStatus found = posix.files().status(next);
            if (found.type() == FileType.SYMLINK) {
                try (next) {
                    if (++links > MAX_LINKS) {
                        throw new PosixException("open", Errno.ELOOP, goal);
                    }
                    requireOwner(found, path, true);
                    follow(posix.files().readLink(next));
                }
            } else {
                step(next, found, path);
            }
        }
    }

    private void follow(byte[] target) throws PosixException {
        enqueue(target);
        if (target[0] == '/') {
            BytePath root = BytePath.of("/");
            step(posix.files().open(root, ROOT), posix.files().status(root), root);
        }
    }

    private void step(OwnedFd next, FileStatus found, BytePath path) throws PosixException {
        at.close();
        at = next;
        status = found;
        real = path;
        if (found.type() != FileType.DIRECTORY) {
            throw new PosixException("open", Errno.ENOTDIR, path);
        }
    }

    private void check(boolean onTheWay) throws PosixException, UntrustedException {
        requireOwner(status, real, onTheWay);
        wasSticky = onTheWay && (status.permissions() & STICKY) != 0;
        if (wasSticky) {
            return;
        }
        for (var grant : AccessControlList.of(posix, at, status).grants(WRITE)) {
            if (!isTrusted(grant)) {
                throw new UntrustedException(
                        real,
                        String.format(
                                "%s may write this directory (mode %s) and exchange what is in it; take that right away",
                                grant, FileMode.format(status.permissions())));
            }
        }
    }

    private void requireOwner(FileStatus found, BytePath path, boolean onTheWay) throws UntrustedException {
        boolean isTrusted = isTrusted(found.uid()) || onTheWay && namespace.isUnmapped(found.uid());
        if (!isTrusted) {
            throw new UntrustedException(
                    path,
                    "belongs to user " + Integer.toUnsignedString(found.uid())
                            + ", who can exchange what is in it; it has"
                            + " to belong to root"
                            + (posix.process().effectiveUser() == 0
                                    ? ""
                                    : " or to user "
                                            + Integer.toUnsignedString(
                                                    posix.process().effectiveUser())));
        }
    }

    private boolean isTrusted(int user) {
        return user == 0 || user == posix.process().effectiveUser();
    }

    private boolean isTrusted(AccessControlList.Grant grant) {
        return switch (grant.kind()) {
            case USER -> isTrusted(grant.id());
            case GROUP -> grant.id() == posix.process().effectiveGroup();
            case OTHERS -> false;
        };
    }
}
