// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Writes lines of JSON to a temporary file, which is renamed to its final name when it is complete and durable. One
 * thread at a time; its opener closes it.
 */
final class ResultFile extends OutputStream {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int PERMISSIONS = 0640;
    private static final Set<OpenFlag> DIRECTORY = Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW);
    private static final Set<OpenFlag> FILE =
            Set.of(OpenFlag.WRITE_ONLY, OpenFlag.CREATE, OpenFlag.EXCLUSIVE, OpenFlag.NO_FOLLOW);

    private final Posix posix;
    private final BytePath path;
    private final OwnedFd directory;
    private final OwnedFd file;
    private final NativeBuffer buffer = NativeBuffer.allocate(BUFFER_BYTES);
    private int filled;

    private ResultFile(Posix posix, BytePath path, OwnedFd directory, OwnedFd file) {
        this.posix = posix;
        this.path = path;
        this.directory = directory;
        this.file = file;
    }

    /**
     * Replaces any existing entry of this name without opening it: a worker can write to this directory and may have
     * created a FIFO or a hard link to another file there.
     *
     * @throws PosixException ELOOP or ENOTDIR if {@code directory} is a symbolic link, EISDIR if a directory has this
     *     name
     */
    static ResultFile create(Posix posix, BytePath directory, String name) throws PosixException {
        BytePath path = directory.resolve(bytes(name));
        OwnedFd parent = posix.files().open(directory, DIRECTORY);
        try {
            removeIfThere(posix, parent, path);
            OwnedFd file = posix.files().createAt(parent, bytes(name), path, FILE, PERMISSIONS);
            return new ResultFile(posix, path, parent, file);
        } catch (PosixException | RuntimeException e) {
            parent.close();
            throw e;
        }
    }

    private static void removeIfThere(Posix posix, OwnedFd directory, BytePath path) throws PosixException {
        try {
            posix.files().unlinkAt(directory, path.fileName().toBytes(), path);
        } catch (PosixException e) {
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, BUFFER_BYTES - filled);
            buffer.first(BUFFER_BYTES).put(filled, bytes, offset + done, part);
            filled += part;
            done += part;
            if (filled == BUFFER_BYTES) {
                flush();
            }
        }
    }

    @Override
    public void flush() throws IOException {
        int ready = filled;
        filled = 0;
        if (ready > 0) {
            posix.io().write(file, buffer, ready);
        }
    }

    /**
     * Renames the file to {@code name}, replacing an existing file. Fails if the temporary name no longer refers to
     * this file.
     */
    void publish(String name) throws IOException {
        flush();
        posix.files().fsync(file);
        if (!isNamed()) {
            throw new IOException(path + ": was replaced while it was written");
        }
        posix.files().rename(directory, path.fileName().toBytes(), bytes(name), path);
        posix.files().fsync(directory);
    }

    private boolean isNamed() throws PosixException {
        return posix.files()
                .statusAt(directory, path.fileName().toBytes(), path)
                .isSameFileAs(posix.files().status(file));
    }

    void remove() throws IOException {
        removeIfThere(posix, directory, path);
    }

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    /** Discards the file if it was not published; the temporary file must be removed first. */
    @Override
    public void close() {
        buffer.close();
        file.close();
        directory.close();
    }
}
