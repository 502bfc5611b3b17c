// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.observe;

import io.millrace.catalog.record.FileKey;
import io.millrace.catalog.record.FileSystemId;
import io.millrace.pagecache.FileIdentity;
import io.millrace.pagecache.FileSystemIdentity;
import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Makes the catalog's keys of the kernel's identities. An instance remembers file systems by device number for a second, as
 * these numbers are used again after an unmount; one thread.
 */
public final class FileKeys {
    private static final long MAX_AGE_NANOS = 1_000_000_000L;
    private static final String UUID_PREFIX = "uuid:";
    private static final String NUMBER_PREFIX = "fsid:";

    private final Posix posix;
    private final Map<Long, Known> byDevice = new HashMap<>();

    private record Known(FileSystemId id, long askedNanos) {}

    public FileKeys(Posix posix) {
        this.posix = posix;
    }

    /** The key of an open file, by one system call, and two or three more for its file system once a second. */
    public FileKey of(OwnedFd file, FileStatus status) throws PosixException {
        return new FileKey(fileSystem(file, status), status.inode(), folded(FileIdentity.generation(posix, file)));
    }

    /** The key of an identity. */
    public static FileKey of(FileIdentity identity) {
        return new FileKey(idOf(identity.fileSystem()), identity.inode(), folded(identity.generation()));
    }

    /** The file system of an open file or directory. */
    public FileSystemId fileSystem(OwnedFd file, FileStatus status) throws PosixException {
        long now = System.nanoTime();
        Known known = byDevice.get(status.device());
        if (known == null || now - known.askedNanos() > MAX_AGE_NANOS) {
            known = new Known(idOf(FileSystemIdentity.of(posix, file, status)), now);
            byDevice.put(status.device(), known);
        }
        return known.id();
    }

    /** A UUID as its 16 bytes, f_fsid as its 8, and a device's numbers, which change with the next mount, as text. */
    public static FileSystemId idOf(FileSystemIdentity identity) {
        String key = identity.key();
        if (key.startsWith(UUID_PREFIX)) {
            var uuid = UUID.fromString(key.substring(UUID_PREFIX.length()));
            return FileSystemId.of(ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(uuid.getMostSignificantBits())
                    .putLong(uuid.getLeastSignificantBits())
                    .array());
        }
        if (key.startsWith(NUMBER_PREFIX)) {
            long number = Long.parseUnsignedLong(key.substring(NUMBER_PREFIX.length()), 16);
            return FileSystemId.of(
                    ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        }
        return FileSystemId.of(key.getBytes(StandardCharsets.US_ASCII));
    }

    /** FS_IOC_GETVERSION has 32 bits, which stay; the 64 of a hash are folded. */
    private static int folded(long generation) {
        return (int) (generation ^ generation >>> Integer.SIZE);
    }
}
