// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

/**
 * The identity of a file across renames, hard links and mounts.
 *
 * @param inode its number, unsigned; reused at once after an unlink
 * @param generation tells files apart that had the same inode number: FS_IOC_GETVERSION, or a hash of the file handle of
 *     name_to_handle_at(2); 0 where the file system has neither
 */
public record FileKey(FileSystemId fileSystem, long inode, int generation) {
    /** {@code fsUuid}: as {@link FileSystemId#of}. */
    public static FileKey of(byte[] fsUuid, long inode, int generation) {
        return new FileKey(FileSystemId.of(fsUuid), inode, generation);
    }

    @Override
    public String toString() {
        return fileSystem + "/" + Long.toUnsignedString(inode) + "/" + Integer.toUnsignedString(generation);
    }
}
