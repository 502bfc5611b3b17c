// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import com.sun.jna.Memory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one directory as getdents64(2) streams them: bytes for names, any number of entries in constant
 * memory, in the file system's own order, without {@code .} and {@code ..}. Owns the descriptor. One thread.
 */
public final class Directory implements AutoCloseable {
    private static final int BUFFER_BYTES = 32 * 1024;
    // Offsets in struct linux_dirent64 (getdents(2)); dirent.h has the same layout.
    static final int INODE = 0;
    static final int LENGTH = 16;
    static final int TYPE = 18;
    static final int NAME = 19;
    private static final ThreadLocal<Memory> BUFFER = ThreadLocal.withInitial(() -> new Memory(BUFFER_BYTES));

    /** One name in a directory. {@code type} is {@link FileType#UNKNOWN} where the file system does not say. */
    public record Entry(byte[] name, FileType type, long inode) {}

    private final OwnedFd fd;
    private final BytePath path;

    Directory(OwnedFd fd, BytePath path) {
        this.fd = fd;
        this.path = path;
    }

    /** To open entries from; valid until {@link #close()}. */
    public OwnedFd fd() {
        return fd;
    }

    public BytePath path() {
        return path;
    }

    /**
     * The next entries, as many as one call gives (32 KiB at most); null at the end. ENOENT: the directory was removed
     * meanwhile.
     */
    public @Nullable List<Entry> nextBatch() throws PosixException {
        Memory buffer = BUFFER.get();
        long length = Check.checkErrno("getdents64", fd, () -> LibC.getdents64(fd.number(), buffer, BUFFER_BYTES));
        if (length == 0) {
            return null;
        }
        var entries = new ArrayList<Entry>();
        for (long at = 0; at < length; at += buffer.getShort(at + LENGTH) & 0xFFFF) {
            byte[] name = nameAt(buffer, at + NAME);
            if (!isDotOrDotDot(name)) {
                entries.add(new Entry(
                        name, FileType.ofDirectoryEntry(buffer.getByte(at + TYPE)), buffer.getLong(at + INODE)));
            }
        }
        return entries;
    }

    /** lseek(2) to the start: {@link #nextBatch} gives all entries again, as they are by then. */
    public void rewind() throws PosixException {
        Check.checkErrno("lseek", fd, () -> LibC.lseek(fd.number(), 0, LinuxFileCalls.SEEK_SET));
    }

    private static byte[] nameAt(Memory buffer, long offset) {
        return buffer.getByteArray(offset, (int) buffer.indexOf(offset, (byte) 0));
    }

    private static boolean isDotOrDotDot(byte[] name) {
        return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
    }

    @Override
    public void close() {
        fd.close();
    }
}
