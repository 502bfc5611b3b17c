// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import io.millrace.files.AccessControlList;
import io.millrace.posix.FileStatus;
import io.millrace.posix.FileType;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.units.FileMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads and writes small files with passwords, keys, or trusted certificates. */
final class SecretFile {
    private static final Logger LOG = LoggerFactory.getLogger(SecretFile.class);
    private static final int MAX_BYTES = 64 << 10;
    private static final int MAX_STORE_BYTES = 1 << 20;
    private static final int OF_OTHERS = 07;
    private static final int WRITABLE_BY_OTHERS = 022;
    private static final int WRITABLE_BY_GROUP = 020;
    private static final int OF_GROUP = 070;
    private static final int OWNER_ONLY = 0600;
    private static final Set<OpenFlag> READING =
            Set.of(OpenFlag.READ_ONLY, OpenFlag.NONBLOCK, OpenFlag.NO_CONTROLLING_TERMINAL);
    private static final Set<OpenFlag> MAKING =
            Set.of(OpenFlag.WRITE_ONLY, OpenFlag.CREATE, OpenFlag.EXCLUSIVE, OpenFlag.NO_FOLLOW);
    private static final Set<OpenFlag> DIRECTORY = Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY);

    private SecretFile() {}

    /**
     * Returns the text of a file that belongs to root or this process's user and that nobody but its owner can access,
     * except that its group may read it. Any other file is refused with one line. Does not block.
     */
    static String read(Posix posix, BytePath path) throws IOException {
        return read(posix, path, owner -> isOwn(posix, owner));
    }

    /** Reads like {@link #read(Posix, BytePath)}, but accepts files of these users. */
    static String read(Posix posix, BytePath path, IntPredicate owners) throws IOException {
        return new String(read(posix, path, owners, OF_OTHERS | WRITABLE_BY_GROUP, MAX_BYTES), StandardCharsets.UTF_8);
    }

    /** Returns the bytes of a key store of at most 1 MiB, under the same conditions. */
    static byte[] readKeys(Posix posix, BytePath path) throws IOException {
        return read(posix, path, owner -> isOwn(posix, owner), OF_OTHERS | WRITABLE_BY_GROUP, MAX_STORE_BYTES);
    }

    /** Returns the bytes of a certificate store of at most 1 MiB, which anybody may read. */
    static byte[] readCertificates(Posix posix, BytePath path) throws IOException {
        return read(posix, path, owner -> isOwn(posix, owner), WRITABLE_BY_OTHERS, MAX_STORE_BYTES);
    }

    static boolean isOwn(Posix posix, int user) {
        return user == 0 || user == posix.process().effectiveUser();
    }

    private static byte[] read(Posix posix, BytePath path, IntPredicate owners, int refused, int maxBytes)
            throws IOException {
        try (OwnedFd fd = posix.files().open(path, READING)) {
            FileStatus status = posix.files().status(fd);
            if (status.type() != FileType.REGULAR) {
                throw new IOException(path + ": is a " + status.type().label() + ", not a regular file");
            }
            if (!owners.test(status.uid())) {
                throw new IOException(path + ": belongs to user " + Integer.toUnsignedString(status.uid())
                        + ", and is believed only of root or of user "
                        + Integer.toUnsignedString(posix.process().effectiveUser()));
            }
            if ((status.permissions() & refused) != 0) {
                throw new IOException(path + ": " + (refused == WRITABLE_BY_OTHERS ? "is trusted" : "holds passwords")
                        + ", and its mode " + FileMode.format(status.permissions())
                        + " lets others at it; chmod "
                        + (refused == WRITABLE_BY_OTHERS ? "go-w" : "0600 or 0640"));
            }
            if (status.sizeBytes() > maxBytes) {
                throw new IOException(path + ": is larger than " + (maxBytes >> 10) + " KiB");
            }
            try (var buffer = NativeBuffer.allocate(maxBytes)) {
                byte[] bytes = new byte[posix.io().read(fd, buffer)];
                buffer.first(bytes.length).get(bytes);
                return bytes;
            }
        }
    }

    /**
     * Writes a file and renames it over any entry of this name, so that readers see it complete. Only the owner gets
     * access unless the group of the new file is this process's own and no access control list grants more.
     *
     * @param permissions the maximum: 0640 or 0600
     */
    static FileStatus write(Posix posix, BytePath path, int permissions, String text) throws IOException {
        BytePath fresh = path.parent().resolve((path.fileName() + ".new").getBytes(StandardCharsets.UTF_8));
        remove(posix, fresh);
        try (OwnedFd in = posix.files().open(path.parent(), DIRECTORY);
                OwnedFd fd = posix.files().createAt(in, fresh.fileName().toBytes(), fresh, MAKING, OWNER_ONLY)) {
            try {
                write(posix, fd, text);
                posix.files().chmod(fd, fitting(posix, fd, path, permissions));
                posix.files()
                        .rename(in, fresh.fileName().toBytes(), path.fileName().toBytes(), path);
                return posix.files().status(fd);
            } catch (IOException | RuntimeException e) {
                remove(posix, fresh, e);
                throw e;
            }
        }
    }

    private static void write(Posix posix, OwnedFd fd, String text) throws PosixException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (var buffer = NativeBuffer.allocate(bytes.length)) {
            buffer.first(bytes.length).put(bytes);
            posix.io().write(fd, buffer, bytes.length);
        }
    }

    private static int fitting(Posix posix, OwnedFd fd, BytePath path, int permissions) throws PosixException {
        if ((permissions & OF_GROUP) == 0) {
            return permissions;
        }
        int group = posix.files().status(fd).gid();
        if (group != posix.process().effectiveGroup()) {
            LOG.warn(
                    "{}: for its owner only, as its directory would give it to group {}",
                    path,
                    Integer.toUnsignedString(group));
            return OWNER_ONLY;
        }
        if (AccessControlList.isExtended(posix, fd)) {
            LOG.warn("{}: for its owner only, as its directory's access control list lets in others", path);
            return OWNER_ONLY;
        }
        return permissions;
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

    private static void remove(Posix posix, BytePath path, Exception failure) {
        try {
            remove(posix, path);
        } catch (PosixException e) {
            failure.addSuppressed(e);
        }
    }
}
