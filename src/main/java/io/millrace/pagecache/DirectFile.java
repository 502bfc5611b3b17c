// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.DirectAlignment;
import io.millrace.posix.Extent;
import io.millrace.posix.PageCalls.Advice;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A second descriptor of a file, by which it is read past the page cache where that can be had, and what can be known before
 * a read about whether it can. After a read, {@link DirectFile#read} tells by the block layer's count of the thread whether
 * the device was read: no error and no flag does, since file systems fall back to the page cache silently.
 *
 * <p>Any thread may read; owned and closed by the pass that opened it.
 */
final class DirectFile implements AutoCloseable {
    /** Of offsets and lengths: what every device in use takes, and what {@link NativeBuffer} is aligned to. */
    private static final int ALIGNMENT_BYTES = NativeBuffer.ALIGNMENT_BYTES;

    private static final ByteRange WHOLE_FILE = new ByteRange(0, 0);

    /**
     * One read past the page cache.
     *
     * @param countBytes read into the buffer
     * @param deviceBytes of these and around them, that the block layer counted
     */
    record DirectRead(int countBytes, long deviceBytes) {}

    private final Posix posix;
    private final OwnedFd file;
    private final OwnedFd fd;
    private final boolean direct;
    private final boolean promised;
    private @Nullable OwnedFd buffered;

    private DirectFile(Posix posix, OwnedFd file, OwnedFd fd, boolean direct, boolean promised) {
        this.posix = posix;
        this.file = file;
        this.fd = fd;
        this.direct = direct;
        this.promised = promised;
    }

    /** {@code file} is open for reading and stays the caller's; it serves itself where it cannot be opened again. */
    static DirectFile open(Posix posix, OwnedFd file, MountTraits traits) throws PosixException {
        if (traits.type().readsBlockDevice()) {
            Optional<OwnedFd> again = reopen(posix, file, OpenFlag.DIRECT);
            if (again.isPresent()) {
                OwnedFd fd = again.get();
                try {
                    Optional<DirectAlignment> told = posix.files().directAlignment(fd);
                    if (told.isEmpty() || isUsable(told.get())) {
                        return new DirectFile(posix, file, fd, true, told.isPresent());
                    }
                } catch (PosixException e) {
                    fd.close();
                    throw e;
                }
                fd.close();
            }
        }
        return new DirectFile(posix, file, file, false, false);
    }

    /** For reads by way of the page cache that bring in no page but those that are asked for. Opened when first needed. */
    synchronized OwnedFd buffered() throws PosixException {
        OwnedFd known = buffered;
        if (known == null) {
            known = reopen(posix, file, OpenFlag.READ_ONLY).orElse(file);
            buffered = known;
            boolean unused = PageAdvice.give(posix, known, WHOLE_FILE, Advice.RANDOM);
        }
        return known;
    }

    private static boolean isUsable(DirectAlignment alignment) {
        return alignment.isSupported()
                && alignment.memoryBytes() <= ALIGNMENT_BYTES
                && alignment.offsetBytes() <= ALIGNMENT_BYTES;
    }

    /** Empty where this file cannot be opened again like that; lack of descriptors or memory is an error. */
    private static Optional<OwnedFd> reopen(Posix posix, OwnedFd file, OpenFlag how) throws PosixException {
        Set<OpenFlag> flags = EnumSet.of(OpenFlag.READ_ONLY, how, OpenFlag.NO_ATIME);
        try {
            return Optional.of(posix.files().open(file.procPath(), flags));
        } catch (PosixException e) {
            if (e.is(Errno.EPERM)) {
                flags.remove(OpenFlag.NO_ATIME);
            } else if (!isRefused(e)) {
                throw e;
            }
        }
        try {
            return flags.contains(OpenFlag.NO_ATIME)
                    ? Optional.empty()
                    : Optional.of(posix.files().open(file.procPath(), flags));
        } catch (PosixException e) {
            if (isRefused(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** EINVAL: no O_DIRECT; the others: no right to it by its name, or no /proc. */
    private static boolean isRefused(PosixException e) {
        return switch (e.errno()) {
            case EINVAL, EACCES, EPERM, ENOENT, EOPNOTSUPP, ELOOP -> true;
            default -> false;
        };
    }

    /** Whether the file can be read past the page cache, as far as that can be known before. */
    boolean isDirect() {
        return direct;
    }

    /** Whether the map of the file does not speak against it either; asked only where statx(2) has not promised. */
    boolean isDirect(ByteRange range) throws PosixException {
        return direct && (promised || storedBytes(range).isPresent());
    }

    /**
     * How many bytes of the range the device holds as they are: what a read past the page cache makes it give. Empty where some
     * are compressed, encrypted or in metadata, so that the read would be buffered. All of them where the file system has no
     * map to look at.
     */
    OptionalLong storedBytes(ByteRange range) throws PosixException {
        long[] bytes = new long[1];
        boolean[] plain = {true};
        try {
            posix.space().extentsWithoutSync(file, range, extent -> {
                plain[0] &= extent.isPlain();
                bytes[0] += extent.isUnwritten() ? 0 : overlapBytes(extent, range);
            });
        } catch (PosixException e) {
            if (e.is(Errno.EOPNOTSUPP) || e.is(Errno.ENOTTY)) {
                return OptionalLong.of(range.lengthBytes());
            }
            throw e;
        }
        return plain[0] ? OptionalLong.of(bytes[0]) : OptionalLong.empty();
    }

    private static long overlapBytes(Extent extent, ByteRange range) {
        long start = Math.max(extent.range().offsetBytes(), range.offsetBytes());
        return Math.max(0, Math.min(extent.range().endBytes(), range.endBytes()) - start);
    }

    /** Reads a range that starts on a block into the start of the buffer, which is longer by up to a block of 4 KiB. */
    DirectRead read(NativeBuffer buffer, ByteRange range) throws PosixException {
        int aligned = (int) ((range.lengthBytes() + ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES);
        bringIn(buffer, aligned);
        long before = posix.process().threadUsage().inputBytes();
        int count = posix.io().preadDirect(fd, buffer, new ByteRange(range.offsetBytes(), aligned));
        long after = posix.process().threadUsage().inputBytes();
        return new DirectRead((int) Math.min(count, range.lengthBytes()), after - before);
    }

    /** Btrfs reads by way of the page cache into a buffer whose first page is not in memory (Linux 6.18). */
    private static void bringIn(NativeBuffer buffer, int lengthBytes) {
        var bytes = buffer.first(lengthBytes);
        for (int at = 0; at < lengthBytes; at += ALIGNMENT_BYTES) {
            bytes.put(at, (byte) 0);
        }
    }

    @Override
    public synchronized void close() throws PosixException {
        if (fd != file) {
            fd.close();
        }
        OwnedFd opened = buffered;
        if (opened == file) {
            boolean unused = PageAdvice.give(posix, file, WHOLE_FILE, Advice.NORMAL);
        } else if (opened != null) {
            opened.close();
        }
    }
}
