// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.maintenance;

import io.millrace.catalog.record.FileKey;
import io.millrace.catalog.record.FileSystemId;
import io.millrace.pagecache.FileIdentity;
import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.nio.charset.StandardCharsets;

/** The catalog's key of a file, from what the kernel says of its identity. Stateless; any thread. */
public final class FileKeys {
    private FileKeys() {}

    /** Asks the kernel. {@code status}: of the open file. */
    public static FileKey of(Posix posix, OwnedFd file, FileStatus status) throws PosixException {
        return of(FileIdentity.of(posix, file, status));
    }

    /** The id of the file system is the text of its key; of a hash of 64 bits as generation 32 are kept. */
    public static FileKey of(FileIdentity identity) {
        byte[] fileSystem = identity.fileSystem().key().getBytes(StandardCharsets.US_ASCII);
        return new FileKey(FileSystemId.of(fileSystem), identity.inode(), Long.hashCode(identity.generation()));
    }

    /** For a person and in JSON: {@code uuid:…}, {@code fsid:…}, {@code device:…}, or digits if it is none of these. */
    public static String describe(FileSystemId id) {
        byte[] bytes = id.toBytes();
        for (byte b : bytes) {
            if (b <= ' ' || b > '~') {
                return id.toString();
            }
        }
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
