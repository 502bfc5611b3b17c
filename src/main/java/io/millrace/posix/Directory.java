// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static io.millrace.posix.libc.Check.checkInterrupted;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Check;
import io.millrace.posix.libc.LibC;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.StructMemory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Streams the entries of one directory by getdents64(2): names as bytes, any number of entries in constant memory, in
 * the file system's own order, without {@code .} and {@code ..}. Owns the descriptor. One thread, which closes it.
 */
public final class Directory implements AutoCloseable {
    private static final int SEEK_SET = 0;
    private static final int BUFFER_BYTES = 32 * 1024;

    /** Size of an entry with a name of up to 12 bytes. */
    private static final int USUAL_ENTRY_BYTES = 32;

    // Offsets in struct linux_dirent64 (getdents(2)); dirent.h has the same layout.
    public static final int INODE = 0;
    public static final int LENGTH = 16;
    public static final int TYPE = 18;
    public static final int NAME = 19;
    private static final ThreadLocal<StructMemory> BUFFER = StructMemory.ofBytes(BUFFER_BYTES);

    /** One entry of a directory. {@code type} is {@link FileType#UNKNOWN} if the file system does not report it. */
    public record Entry(byte[] name, FileType type, long inode) {}

    private final OwnedFd fd;
    private final BytePath path;

    public Directory(OwnedFd fd, BytePath path) {
        this.fd = fd;
        this.path = path;
    }

    /** The descriptor, for openat(2); valid until {@link #close()}. */
    public OwnedFd fd() {
        return fd;
    }

    public BytePath path() {
        return path;
    }

    /**
     * Returns the entries of one call (at most 32 KiB); null at the end. ENOENT: the directory was removed meanwhile.
     */
    public @Nullable List<Entry> nextBatch() throws PosixException {
        StructMemory buffer = BUFFER.get();
        long length;
        while ((length = LibC.getdents64(fd.number(), buffer.address(), BUFFER_BYTES)) == -1) {
            checkInterrupted("getdents64", fd, null);
        }
        if (length == 0) {
            return null;
        }
        ByteBuffer bytes = buffer.bytes();
        var entries = new ArrayList<Entry>((int) length / USUAL_ENTRY_BYTES);
        for (int at = 0; at < length; at += bytes.getShort(at + LENGTH) & 0xFFFF) {
            byte[] name = nameAt(bytes, at + NAME);
            if (!isDotOrDotDot(name)) {
                entries.add(
                        new Entry(name, FileType.ofDirectoryEntry(bytes.get(at + TYPE)), bytes.getLong(at + INODE)));
            }
        }
        return entries;
    }

    /** lseek(2) to the start: {@link #nextBatch} then returns all current entries again. */
    public void rewind() throws PosixException {
        Check.checkErrno("lseek", fd, () -> LibC.lseek(fd.number(), 0, SEEK_SET));
    }

    private static byte[] nameAt(ByteBuffer bytes, int offset) {
        int end = offset;
        while (bytes.get(end) != 0) {
            end++;
        }
        byte[] name = new byte[end - offset];
        bytes.get(offset, name);
        return name;
    }

    private static boolean isDotOrDotDot(byte[] name) {
        return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
    }

    @Override
    public void close() {
        fd.close();
    }
}
