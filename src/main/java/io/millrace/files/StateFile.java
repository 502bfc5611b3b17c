// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import io.millrace.posix.FileStatus;
import io.millrace.posix.FileType;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.Optional;
import java.util.Set;

/**
 * A small file that is replaced atomically and survives a crash at any moment: it contains either the old or the new
 * content, never a part of either. Any thread, but only one instance per file: the directory belongs to this process.
 * No descriptor stays open.
 */
public final class StateFile {
    private static final int PERMISSIONS = 0640;
    private static final Set<OpenFlag> DIRECTORY = Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW);
    private static final Set<OpenFlag> FRESH =
            Set.of(OpenFlag.WRITE_ONLY, OpenFlag.CREATE, OpenFlag.EXCLUSIVE, OpenFlag.NO_FOLLOW);
    private static final Set<OpenFlag> PRESENT = Set.of(OpenFlag.READ_ONLY, OpenFlag.NO_FOLLOW, OpenFlag.NONBLOCK);

    private final Posix posix;
    private final BytePath directory;
    private final byte[] name;
    private final byte[] temporary;
    private final BytePath path;

    /**
     * @param directory exists, and is no symbolic link; it is not accessed before the first call
     * @param name without a slash
     */
    public StateFile(Posix posix, BytePath directory, String name) {
        this.posix = posix;
        this.directory = directory;
        this.name = BytePath.of(name).toBytes();
        this.temporary = BytePath.encode("." + name + ".new");
        this.path = directory.resolve(this.name);
        if (name.indexOf('/') >= 0) {
            throw new IllegalArgumentException("the name of a state file has no slash: " + path);
        }
    }

    public BytePath path() {
        return path;
    }

    /**
     * Replaces the content: writes it to {@code .NAME.new} in the same directory (permissions 0640, less the umask),
     * which may exist after a crash, syncs that, renames it and syncs the directory. After an exception the content is
     * the old one, or, if only the last sync failed, the new one; the temporary file is removed.
     */
    public synchronized void replace(byte[] content) throws PosixException {
        var files = posix.files();
        try (var in = files.open(directory, DIRECTORY)) {
            removeLeftover(in);
            try {
                write(in, content);
                files.rename(in, temporary, name, path);
            } catch (PosixException | RuntimeException | Error e) {
                removeAfter(in, e);
                throw e;
            }
            files.fsync(in);
        }
    }

    private void write(OwnedFd in, byte[] content) throws PosixException {
        try (var file = posix.files().createAt(in, temporary, directory.resolve(temporary), FRESH, PERMISSIONS);
                var buffer = NativeBuffer.allocate(content.length)) {
            buffer.first(content.length).put(content);
            posix.io().pwrite(file, buffer, new ByteRange(0, content.length));
            posix.files().fsync(file);
        }
    }

    private void removeLeftover(OwnedFd in) throws PosixException {
        try {
            posix.files().unlinkAt(in, temporary, directory.resolve(temporary));
        } catch (PosixException e) {
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
        }
    }

    private void removeAfter(OwnedFd in, Throwable failure) {
        try {
            removeLeftover(in);
        } catch (PosixException e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * Returns the content; empty if there is no such file.
     *
     * @param mostBytes fails with EFBIG for a larger file, which this program did not write
     * @throws PosixException ELOOP for a symbolic link, EISDIR for a directory, EINVAL for anything else that is no
     *     regular file
     */
    public Optional<byte[]> read(int mostBytes) throws PosixException {
        try (var file = posix.files().open(path, PRESENT)) {
            FileStatus status = posix.files().status(file);
            if (status.type() != FileType.REGULAR) {
                throw new PosixException(
                        "read", status.type() == FileType.DIRECTORY ? Errno.EISDIR : Errno.EINVAL, path);
            }
            if (status.sizeBytes() > mostBytes) {
                throw new PosixException("read", Errno.EFBIG, path);
            }
            return Optional.of(read(file, (int) status.sizeBytes()));
        } catch (PosixException e) {
            if (e.is(Errno.ENOENT)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private byte[] read(OwnedFd file, int lengthBytes) throws PosixException {
        try (var buffer = NativeBuffer.allocate(lengthBytes)) {
            var content = new byte[posix.io().pread(file, buffer, new ByteRange(0, lengthBytes))];
            buffer.first(content.length).get(content);
            return content;
        }
    }
}
