// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import io.millrace.pagecache.MountTraits;
import io.millrace.pagecache.MountTraitsCache;
import io.millrace.posix.FileStatus;
import io.millrace.posix.FileType;
import io.millrace.posix.LeaseBreak;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * A regular file with stored bytes, open for reading, with its status and mount traits at the time of the open. Owns
 * the descriptor; the thread that opened it closes it.
 */
public record OpenedFile(OwnedFd fd, FileStatus status, MountTraits traits) implements AutoCloseable {
    // O_NONBLOCK, because an entry that was a regular file when it was listed may be a FIFO now.
    private static final Set<OpenFlag> GIVEN =
            Set.of(OpenFlag.READ_ONLY, OpenFlag.NONBLOCK, OpenFlag.NO_CONTROLLING_TERMINAL, OpenFlag.NO_ATIME);
    private static final Set<OpenFlag> WALKED = Set.of(
            OpenFlag.READ_ONLY,
            OpenFlag.NONBLOCK,
            OpenFlag.NO_CONTROLLING_TERMINAL,
            OpenFlag.NO_ATIME,
            OpenFlag.NO_FOLLOW);
    private static final Set<OpenFlag> GIVEN_WITH_ATIME =
            Set.of(OpenFlag.READ_ONLY, OpenFlag.NONBLOCK, OpenFlag.NO_CONTROLLING_TERMINAL);
    private static final Set<OpenFlag> WALKED_WITH_ATIME =
            Set.of(OpenFlag.READ_ONLY, OpenFlag.NONBLOCK, OpenFlag.NO_CONTROLLING_TERMINAL, OpenFlag.NO_FOLLOW);

    /**
     * Opens a file that the walk found; the message of an {@link IOException} says in one line why it cannot be read.
     *
     * @param isCancelled ends the wait for another process that holds a lease on the file
     */
    public static OpenedFile open(Posix posix, MountTraitsCache mounts, WalkEntry found, BooleanSupplier isCancelled)
            throws IOException {
        OwnedFd fd = openPatiently(posix, found, isCancelled);
        try {
            FileStatus status = posix.files().status(fd);
            if (status.type() != FileType.REGULAR) {
                throw new IOException(found.path() + ": is a " + status.type().label() + ", not a regular file");
            }
            MountTraits traits = mounts.traitsOf(fd, status);
            if (!traits.type().holdsFiles()) {
                throw new IOException(found.path() + ": holds no stored bytes, being on "
                        + traits.type().label());
            }
            var file = new OpenedFile(fd, status, traits);
            if (!traits.type().hasExactSizes() && file.holdsMoreThanItsSize(posix)) {
                throw new IOException(found.path() + ": holds more than the " + status.sizeBytes()
                        + " bytes that are its size by stat(2), so that its end is unknown");
            }
            return file;
        } catch (IOException | RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    private static OwnedFd openPatiently(Posix posix, WalkEntry found, BooleanSupplier isCancelled)
            throws PosixException {
        try {
            return openAny(posix, found);
        } catch (PosixException e) {
            if (!e.is(Errno.EAGAIN)) {
                throw e;
            }
            return LeaseBreak.await(() -> openAny(posix, found), isCancelled);
        }
    }

    private static OwnedFd openAny(Posix posix, WalkEntry found) throws PosixException {
        boolean walked = found.parent() != null;
        try {
            return open(posix, found, walked ? WALKED : GIVEN);
        } catch (PosixException e) {
            if (!e.is(Errno.EPERM)) {
                throw e;
            }
            return open(posix, found, walked ? WALKED_WITH_ATIME : GIVEN_WITH_ATIME); // EPERM: not our file
        }
    }

    private static OwnedFd open(Posix posix, WalkEntry found, Set<OpenFlag> flags) throws PosixException {
        SharedDirectory parent = found.parent();
        return parent == null
                ? posix.files().open(found.path(), flags)
                : posix.files().openAt(parent.get().fd(), found.name(), found.path(), flags);
    }

    /**
     * Checked before the file is read, because workers are told its size. A file that is growing at this moment also
     * has another size by fstat, and is not refused.
     */
    private boolean holdsMoreThanItsSize(Posix posix) throws PosixException {
        try (var one = NativeBuffer.allocate(1)) {
            long end = Math.min(status.sizeBytes(), Long.MAX_VALUE - 1);
            return posix.io().pread(fd, one, new ByteRange(end, 1)) > 0
                    && end == status.sizeBytes()
                    && posix.files().status(fd).sizeBytes() == end;
        }
    }

    /** Returns the range of the whole file. */
    public ByteRange content() {
        return new ByteRange(0, status.sizeBytes());
    }

    /**
     * Describes how the file differs from its status at the open; empty if it does not. It compares size, modification
     * time and link count, so a writer that resets the modification time goes unnoticed.
     */
    public Optional<String> change(Posix posix) throws PosixException {
        FileStatus now = posix.files().status(fd);
        if (now.sizeBytes() != status.sizeBytes()) {
            String verb = now.sizeBytes() > status.sizeBytes() ? "grew" : "shrank";
            return Optional.of(
                    verb + " from " + status.sizeBytes() + " to " + now.sizeBytes() + " bytes while it was read");
        }
        if (now.modifiedNanos() != status.modifiedNanos()) {
            return Optional.of("was written to while it was read");
        }
        return now.links() == 0 && status.links() > 0 ? Optional.of("was removed while it was read") : Optional.empty();
    }

    @Override
    public void close() {
        fd.close();
    }
}
