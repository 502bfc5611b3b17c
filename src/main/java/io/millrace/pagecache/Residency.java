// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.ByteRange;
import io.millrace.posix.Errno;
import io.millrace.posix.FileStatus;
import io.millrace.posix.NativeBuffer;
import io.millrace.posix.OwnedFd;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.OptionalLong;

/**
 * Asks the kernel what of a file is in the page cache: cachestat(2) for a count, mincore(2) for which pages and where
 * there is no cachestat. Any thread.
 *
 * <p>To a caller who neither owns the file nor may write it, mincore says that everything is resident (Linux 5.2) and
 * cachestat says EPERM. {@link #isKnown} finds that out once a file; the other methods may be asked only after a yes.
 */
public final class Residency {
    private static final int CAP_FOWNER = 3;

    /** The most that one look covers: 32 MiB of 4 KiB pages. */
    private static final int PAGES_PER_LOOK = 8192;

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
    public boolean isKnown(OwnedFd file, FileStatus status) throws PosixException {
        if (status.uid() == posix.process().effectiveUser()) {
            return true;
        }
        if (!traits.cachestat()) {
            return mayKnow(file);
        }
        return count(file, new ByteRange(0, 1)).isPresent() || mayKnow(file);
    }

    private boolean mayKnow(OwnedFd file) throws PosixException {
        return posix.files().isWritable(file.procPath()) || ProcessCapabilities.FOWNER;
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
        long bytes = 0;
        OptionalLong counted = count(file, range);
        if (counted.isPresent()) {
            bytes = counted.getAsLong();
        } else {
            for (long at = range.offsetBytes() / pageBytes * pageBytes; at < range.endBytes(); at += lookBytes()) {
                var look = ByteRange.between(at, Math.min(at + lookBytes(), range.endBytes()));
                bytes += mincore(file, look).residentBytes();
            }
        }
        return Math.min(bytes, range.lengthBytes());
    }

    /**
     * Which pages of the range are resident. The range starts on a page, is not empty, and is no longer than {@link
     * #lookBytes()}.
     */
    public ResidentPages pages(OwnedFd file, ByteRange range) throws PosixException {
        OptionalLong counted = count(file, range);
        if (counted.isPresent() && counted.getAsLong() == 0) {
            return ResidentPages.none(range, pageBytes);
        }
        if (counted.isPresent() && counted.getAsLong() >= range.lengthBytes()) {
            return ResidentPages.all(range, pageBytes);
        }
        return mincore(file, range);
    }

    /** As {@link #pages}, and without those that are still being read, which cachestat counts. */
    ResidentPages mincore(OwnedFd file, ByteRange range) throws PosixException {
        NativeBuffer vector = VECTOR.get();
        try (var map = posix.pages().mmap(file, range)) {
            posix.pages().mincore(map, vector);
        }
        int pages = (int) ((range.lengthBytes() + pageBytes - 1) / pageBytes);
        ByteBuffer bytes = vector.first(pages);
        var resident = new BitSet(pages);
        for (int page = 0; page < pages; page++) {
            if ((bytes.get(page) & 1) != 0) {
                resident.set(page);
            }
        }
        return ResidentPages.of(range, pageBytes, resident);
    }

    /** Capabilities of this process, which never change under a JVM; read when first needed. */
    private static final class ProcessCapabilities {
        static final boolean FOWNER = (effective() >> CAP_FOWNER & 1) != 0;

        private static long effective() {
            try (var lines = Files.lines(Path.of("/proc/self/status"))) {
                return lines.filter(line -> line.startsWith("CapEff:"))
                        .mapToLong(
                                line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                        .findFirst()
                        .orElse(0);
            } catch (IOException e) {
                return 0; // without /proc nothing is known to be allowed
            }
        }
    }
}
