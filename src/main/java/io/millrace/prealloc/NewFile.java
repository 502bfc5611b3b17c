// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.lifecycle.CancellationToken;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.prealloc.AllocationException.Refusal;
import io.millrace.units.ByteSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A file that does not exist yet. It has no name (O_TMPFILE) until {@link #publish}; if the file system does not
 * support that, it has a hidden name in the same directory. Its mode is 0 until the blocks are allocated. One thread,
 * which closes it.
 */
final class NewFile implements PendingFile {
    /**
     * Errors of open(2) if O_TMPFILE is not supported by the file system, or by a kernel that takes it for
     * O_DIRECTORY.
     */
    private static final Set<Errno> NO_TMPFILE = Set.of(Errno.EOPNOTSUPP, Errno.EISDIR, Errno.EINVAL, Errno.ENOENT);

    private static final Set<Errno> NO_RENAME = Set.of(Errno.EINVAL, Errno.ENOSYS, Errno.EOPNOTSUPP);

    private final Posix posix;
    private final AllocationRequest request;
    private final FreeSpaceGuard guard;
    private final ParentDirectory parent;
    private final BytePath path;
    private final OwnedFd file;
    private final byte @Nullable [] hidden;
    private final CancellationToken stop;
    private FreeSpaceGuard.@Nullable Grant grant;
    private AllocationMethod method = AllocationMethod.NATIVE;
    private boolean hiddenIsThere;
    private boolean isPublished;

    private NewFile(
            Posix posix,
            AllocationRequest request,
            FreeSpaceGuard guard,
            ParentDirectory parent,
            BytePath path,
            OwnedFd file,
            byte @Nullable [] hidden,
            CancellationToken stop) {
        this.posix = posix;
        this.request = request;
        this.guard = guard;
        this.parent = parent;
        this.path = path;
        this.file = file;
        this.hidden = hidden;
        this.stop = stop;
        this.hiddenIsThere = hidden != null;
    }

    /** @param stop polled while zeros are written, which takes long; the file then fails */
    static NewFile create(
            Posix posix,
            AllocationRequest request,
            FreeSpaceGuard guard,
            BytePath path,
            ParentDirectory parent,
            CancellationToken stop)
            throws IOException {
        if (!parent.lacksTemporaryFiles()) {
            try {
                OwnedFd file = open(posix, parent, new byte[] {'.'}, path, OpenFlag.TEMPORARY);
                return new NewFile(posix, request, guard, parent, path, file, null, stop);
            } catch (PosixException e) {
                if (!NO_TMPFILE.contains(e.errno())) {
                    throw e;
                }
                parent.lacksTemporaryFiles(e);
            }
        }
        byte[] name = String.format(
                        "%s%016x",
                        parent.hiddenPrefix(), ThreadLocalRandom.current().nextLong())
                .getBytes(StandardCharsets.US_ASCII);
        OwnedFd file = open(posix, parent, name, path, OpenFlag.CREATE, OpenFlag.EXCLUSIVE);
        return new NewFile(posix, request, guard, parent, path, file, name, stop);
    }

    /** ENOSPC may mean bytes or inodes, and only statfs(2) distinguishes them. */
    private static OwnedFd open(Posix posix, ParentDirectory parent, byte[] name, BytePath path, OpenFlag... creation)
            throws IOException {
        Set<OpenFlag> flags = EnumSet.of(OpenFlag.READ_WRITE, creation);
        try {
            return posix.files().openAt(parent.fd(), name, path, flags);
        } catch (PosixException e) {
            if (e.is(Errno.ENOSPC) && posix.files().fileSystem(parent.fd()).lacksInodes()) {
                throw new AllocationException(Refusal.INODES, e, "no inodes left");
            }
            throw e;
        }
    }

    @Override
    public BytePath path() {
        return path;
    }

    @Override
    public OwnedFd file() {
        return file;
    }

    /** Fresh blocks read as zeros, so {@link AllocateOption#ZERO} needs no further work; {@link FillMode#ZERO} does. */
    @Override
    public void reserve() throws IOException {
        synchronized (guard.turn(file)) {
            var granted = guard.admit(file, path, request.range().lengthBytes());
            grant = granted;
            method = new BlockReserver(posix, request).reserve(file, request.mode());
            guard.confirm(file, path, granted);
        }
        if (request.fill() == FillMode.ZERO) {
            writeZeros();
        }
        Ownership ownership = request.ownership();
        if (!ownership.isInherited()) {
            int user = ownership.user().orElse(Ownership.KEEP);
            posix.files().chown(file, user, ownership.group().orElse(Ownership.KEEP));
        }
        posix.files().chmod(file, request.permissions());
    }

    private void writeZeros() throws IOException {
        var zeroing = new Zeroing(posix);
        for (ByteRange piece : zeroing.pieces(request.range())) {
            if (stop.isRequested()) {
                throw new AllocationException(Refusal.STOPPED, path, "stopped half-way; blocks released");
            }
            zeroing.write(file, piece);
            parent.progressed();
        }
    }

    @Override
    public Reservation survey() throws IOException {
        if (grant != null) {
            guard.confirm(file, path, grant);
        }
        Reservation verdict = new ExtentReader(posix).survey(file, method);
        long asked = request.range().lengthBytes();
        if (verdict.reservedBytes() < asked) {
            throw new AllocationException(
                    Refusal.NOT_RESERVED,
                    path,
                    "fallocate succeeded, but the file system counts " + ByteSize.format(verdict.reservedBytes())
                            + " of " + ByteSize.format(asked));
        }
        String lack = parent.lack(file);
        if (lack != null) {
            throw new AllocationException(Refusal.UNLIKE, path, "the file system made a file that " + lack);
        }
        return verdict;
    }

    @Override
    public void publish() throws IOException {
        if (hidden == null) {
            posix.files().linkFileAt(file, parent.fd(), name(), path);
        } else {
            moveIntoPlace(hidden);
        }
        isPublished = true;
    }

    /**
     * The name relative to the opened directory, which is the one that will be synced, wherever its path leads by now.
     */
    private byte[] name() {
        return path.fileName().toBytes();
    }

    private void moveIntoPlace(byte[] from) throws PosixException {
        try {
            posix.files().renameNoReplaceAt(parent.fd(), from, name(), path);
        } catch (PosixException e) {
            if (!NO_RENAME.contains(e.errno())) {
                throw e;
            }
            posix.files().linkAt(parent.fd(), from, name(), path);
            isPublished = true;
            posix.files().unlinkAt(parent.fd(), from, path);
        }
        hiddenIsThere = false;
    }

    /**
     * Releases the blocks immediately: xfs frees those of a file without a name some time after its close. But a
     * process that claimed the file since it was published may have written to it, and then nothing is removed.
     */
    @Override
    public void withdraw() throws IOException {
        try {
            if (!isPublished || isNamelessAgain()) {
                posix.files().truncate(file, 0);
                if (grant != null) {
                    grant.giveBack();
                }
            }
        } finally {
            if (hiddenIsThere && hidden != null) {
                remove(hidden);
            }
        }
    }

    private boolean isNamelessAgain() throws PosixException {
        remove(name());
        return posix.files().status(file).links() == (hiddenIsThere ? 1 : 0);
    }

    /** Removes the name, unless it denotes another file by now, or none. */
    private void remove(byte[] name) throws PosixException {
        try {
            if (posix.files()
                    .statusAt(parent.fd(), name, path)
                    .isSameFileAs(posix.files().status(file))) {
                posix.files().unlinkAt(parent.fd(), name, path);
            }
        } catch (PosixException e) {
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
        }
    }
}
