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
 * Asks the kernel what of a file is in the page cache: cachestat(2) for a count, mincore(2) for which pages and where
 * there is no cachestat. Any thread.
 *
 * <p>To a caller who neither owns the file nor may write it, mincore says that everything is resident (Linux 5.2) and
 * cachestat says EPERM. {@link #isKnown} finds that out once a file; the other methods may be asked only after a yes. What
 * decides are the rights that this process has over this inode in its user namespace, which only the kernel knows: neither user
 * numbers (an owner that is not mapped shows as 65534) nor capabilities (which do not count for such files) tell.
 */
public final class Residency {
    /** The most that one look covers: 32 MiB of 4 KiB pages. */
    private static final int PAGES_PER_LOOK = 8192;

    /** What mincore(2) says of eight pages that are resident; other bits of its bytes have no meaning. */
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

    /** The most bytes that {@link #pages} takes at a time. */
    public long lookBytes() {
        return (long) PAGES_PER_LOOK * pageBytes;
    }

    /** Whether the kernel tells this process the truth about the file. */
    public boolean isKnown(OwnedFd file) throws PosixException {
        return traits.residency()
                && (posix.files().isOwnerOrCapable(file) || posix.files().isWritable(file.procPath()));
    }

    /**
     * Resident bytes by cachestat. Empty where that is refused: to those who may not know, and by system call filters that
     * do not know it (systemd's and containers', when older than Linux 6.5), whereupon mincore tells those who may.
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

    /** How many bytes of the range lie on resident pages, to the page. A range that is empty has none. */
    public long residentBytes(OwnedFd file, ByteRange range) throws PosixException {
        if (range.isEmpty()) {
            return 0;
        }
        OptionalLong counted = count(file, range);
        return Math.min(counted.isPresent() ? counted.getAsLong() : readBytes(file, range), range.lengthBytes());
    }

    /** As {@link #residentBytes} by mincore, to the page: without pages that are still being read. */
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
     * Whether pages of the range, which is not empty, are in the cache and not read yet: cachestat counts them, and mincore
     * does not. False where cachestat is missing, since nothing tells there.
     */
    boolean isReadUnderWay(OwnedFd file, ByteRange range) throws PosixException {
        OptionalLong counted = count(file, range);
        return counted.orElse(0) > 0
                && counted.getAsLong() > (readBytes(file, range) + pageBytes - 1) / pageBytes * pageBytes;
    }

    /**
     * Which pages of the range are resident. The range starts on a page, is not empty, and is no longer than {@link
     * #lookBytes()}.
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
     * As {@link #pages}, and without those that are still being read, which cachestat counts. The last page before 2^63 cannot be
     * mapped (mmap(2): EOVERFLOW); cachestat alone tells of it.
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

    /** Where a run of bytes ends whose lowest bits are alike: eight are compared at a time. */
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
