// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.posix.BytePath;
import io.millrace.posix.Errno;
import io.millrace.posix.FileStatus;
import io.millrace.posix.FileType;
import io.millrace.posix.NativeBuffer;
import io.millrace.posix.OpenFlag;
import io.millrace.posix.OwnedFd;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** A small file with passwords in it. */
final class SecretFile {
    private static final int MOST_BYTES = 64 << 10;
    private static final int OF_OTHERS = 07;
    private static final int WRITABLE_BY_GROUP = 020;
    private static final Set<OpenFlag> READING =
            Set.of(OpenFlag.READ_ONLY, OpenFlag.NONBLOCK, OpenFlag.NO_CONTROLLING_TERMINAL);
    private static final Set<OpenFlag> MAKING =
            Set.of(OpenFlag.WRITE_ONLY, OpenFlag.CREATE, OpenFlag.EXCLUSIVE, OpenFlag.NO_FOLLOW);

    private SecretFile() {}

    /** The text of one that only its owner, and by reading its group, has access to; any other is refused. */
    static String read(Posix posix, BytePath path) throws IOException {
        try (OwnedFd fd = posix.files().open(path, READING);
                var buffer = NativeBuffer.allocate(MOST_BYTES)) {
            FileStatus status = posix.files().status(fd);
            if (status.type() != FileType.REGULAR) {
                throw new IOException(path + ": is a " + status.type().words() + ", not a regular file");
            }
            if ((status.permissions() & (OF_OTHERS | WRITABLE_BY_GROUP)) != 0) {
                throw new IOException(path + ": holds passwords, and its mode 0"
                        + Integer.toOctalString(status.permissions()) + " lets others at it; chmod 0600 or 0640");
            }
            byte[] bytes = new byte[posix.io().read(fd, buffer)];
            buffer.first(bytes.length).get(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** Puts a file in place of whatever has this name. It appears when it is whole. */
    static FileStatus write(Posix posix, BytePath path, int permissions, String text) throws PosixException {
        BytePath fresh = path.parent().resolve((path.fileName() + ".new").getBytes(StandardCharsets.UTF_8));
        remove(posix, fresh);
        try (OwnedFd fd = posix.files().create(fresh, MAKING, permissions);
                var buffer = NativeBuffer.allocate(MOST_BYTES)) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            buffer.first(bytes.length).put(bytes);
            posix.io().write(fd, buffer, bytes.length);
            posix.files().chmod(fd, permissions);
            remove(posix, path);
            posix.files().renameNoReplace(fresh, path);
            return posix.files().status(fd);
        }
    }

    static void remove(Posix posix, BytePath path) throws PosixException {
        try {
            posix.files().unlink(path);
        } catch (PosixException e) {
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
        }
    }
}
