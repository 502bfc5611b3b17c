// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.OptionalLong;

/**
 * Asks the kernel which pages of a file are in the page cache: cachestat(2) for a count, mincore(2) for single pages
 * and on kernels without cachestat. Any thread.
 *
 * <p>For a caller who neither owns the file nor may write it, mincore reports everything as resident (Linux 5.2) and
 * cachestat fails with EPERM. {@link #isKnown} checks that once per file; the other methods may be called only if it
 * returned true. What decides are the rights of this process over this inode in its user namespace, which only the
 * kernel knows: neither user ids (an unmapped owner shows as 65534) nor capabilities (which do not count for such
 * files) are sufficient.
 */
public final class Residency {
    /** Longest range of one call: 32 MiB of 4 KiB pages. */
    private static final int PAGES_PER_LOOK = 8192;

    /** The result of mincore(2) for eight resident pages; the other bits of its bytes are undefined. */
    private static final long EIGHT_RESIDENT = 0x0101_0101_0101_0101L;

    private static final ThreadLocal<NativeBuffer> VECTOR =
            ThreadLocal.withInitial(() -> NativeBuffer.allocate(PAGES_PER_LOOK));

    private final Posix posix;
    private final MountTraits traits;
    private final int pageBytes;

    public Residency(Posix posix, MountTraits traits) {
        this.posix = posix;
        this.traits = traits;
        this.pageBytes = posix.pages().pageBytes();
    }

    /** Longest range that {@link #pages} accepts. */
    public long lookBytes() {
        return (long) PAGES_PER_LOOK * pageBytes;
    }

    /** Whether the kernel reports the true residency of the file to this process. */
    public boolean isKnown(OwnedFd file) throws PosixException {
        return traits.residency()
                && (posix.files().isOwnerOrCapable(file) || posix.files().isWritable(file.procPath()));
    }

    /**
     * Resident bytes by cachestat. Empty if that is denied: to processes without the right, and by seccomp filters
     * that do not know the call (systemd's and containers', when older than Linux 6.5); mincore is used then.
     */
    private OptionalLong count(OwnedFd file, ByteRange range) throws PosixException {
        if (!traits.cachestat()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(posix.pages().cachestat(file, range).resident() * pageBytes);
        } catch (PosixException e) {
            if (e.is(Errno.EPERM)) {
                return OptionalLong.empty();
            }
            throw e;
        }
    }

    /** Bytes of the range on resident pages, with page granularity. An empty range has none. */
    public long residentBytes(OwnedFd file, ByteRange range) throws PosixException {
        if (range.isEmpty()) {
            return 0;
        }
        OptionalLong counted = count(file, range);
        return Math.min(counted.isPresent() ? counted.getAsLong() : readBytes(file, range), range.lengthBytes());
    }

    /** Like {@link #residentBytes}, by mincore: excludes pages that are still being read. */
    private long readBytes(OwnedFd file, ByteRange range) throws PosixException {
        long bytes = 0;
        for (long at = range.offsetBytes() / pageBytes * pageBytes; at < range.endBytes(); ) {
            var look = ByteRange.between(at, Math.min(ByteRange.endOf(at, lookBytes()), range.endBytes()));
            bytes += mincore(file, look).residentBytes();
            at = look.endBytes();
        }
        return bytes;
    }

    /**
     * Whether pages of the range, which is not empty, are in the cache but still being read: cachestat counts them,
     * and mincore does not. False without cachestat, since this cannot be determined then.
     */
    boolean isReadUnderWay(OwnedFd file, ByteRange range) throws PosixException {
        OptionalLong counted = count(file, range);
        return counted.orElse(0) > 0
                && counted.getAsLong() > (readBytes(file, range) + pageBytes - 1) / pageBytes * pageBytes;
    }

    /**
     * Returns which pages of the range are resident. The range starts at a page boundary, is not empty, and is no
     * longer than {@link #lookBytes()}.
     */
    public ResidencyBitmap pages(OwnedFd file, ByteRange range) throws PosixException {
        OptionalLong counted = count(file, range);
        if (counted.isPresent() && counted.getAsLong() == 0) {
            return ResidencyBitmap.none(range, pageBytes);
        }
        if (counted.isPresent() && counted.getAsLong() >= range.lengthBytes()) {
            return ResidencyBitmap.all(range, pageBytes);
        }
        return mincore(file, range);
    }

    /**
     * Like {@link #pages}, but excludes pages that are still being read, which cachestat counts. The last page before
     * 2^63 cannot be mapped (mmap(2): EOVERFLOW); only cachestat reports it.
     */
    ResidencyBitmap mincore(OwnedFd file, ByteRange range) throws PosixException {
        var resident = new BitSet();
        long lastPage = Long.MAX_VALUE / pageBytes * pageBytes;
        if (range.offsetBytes() < lastPage) {
            addMapped(file, ByteRange.between(range.offsetBytes(), Math.min(range.endBytes(), lastPage)), resident);
        }
        if (range.endBytes() > lastPage) {
            boolean isThere =
                    count(file, ByteRange.between(lastPage, range.endBytes())).orElse(0) > 0;
            resident.set((int) ((lastPage - range.offsetBytes()) / pageBytes), isThere);
        }
        return ResidencyBitmap.of(range, pageBytes, resident);
    }

    private void addMapped(OwnedFd file, ByteRange range, BitSet resident) throws PosixException {
        NativeBuffer vector = VECTOR.get();
        try (var map = posix.pages().mmap(file, range)) {
            posix.pages().mincore(map, vector);
        }
        int pages = (int) ((range.lengthBytes() + pageBytes - 1) / pageBytes);
        addRuns(vector.first(pages), resident);
    }

    /** Sets a bit for each byte whose lowest bit is set. */
    static void addRuns(ByteBuffer vector, BitSet resident) {
        int end;
        for (int page = 0; page < vector.limit(); page = end) {
            boolean isResident = (vector.get(page) & 1) != 0;
            end = endOfRun(vector, page, isResident ? EIGHT_RESIDENT : 0);
            resident.set(page, end, isResident);
        }
    }

    /** Returns the end of a run of bytes whose lowest bits are equal: eight are compared at a time. */
    private static int endOfRun(ByteBuffer vector, int start, long eight) {
        int page = start;
        while (page + Long.BYTES <= vector.limit() && (vector.getLong(page) & EIGHT_RESIDENT) == eight) {
            page += Long.BYTES;
        }
        while (page < vector.limit() && (vector.get(page) & 1) == (eight & 1)) {
            page++;
        }
        return page;
    }
}
