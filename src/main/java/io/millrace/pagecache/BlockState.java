// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.function.LongSupplier;

/**
 * What the page cache holds of a range of a file: how much, and whether any of it is yet to be written.
 *
 * @param residentBytes -1 where the kernel does not tell this process
 * @param dirt whether some of it differs from what the device holds, or may
 */
public record BlockState(long residentBytes, Dirt dirt) {
    /** Whether a range differs from what the device holds. */
    public enum Dirt {
        CLEAN,
        /** Not written, or being written. */
        DIRTY,
        /** Without cachestat(2), of resident pages. */
        UNKNOWN
    }

    /**
     * Looks at a range of any length, by one cachestat(2) where the mount has it. Cheaper than an {@link Inquiry} for whoever asks
     * about a file once.
     */
    public static BlockState of(Posix posix, MountTraits traits, OwnedFd file, ByteRange range) throws PosixException {
        if (range.isEmpty()) {
            return new BlockState(0, Dirt.CLEAN);
        }
        if (traits.cachestat()) {
            try {
                return counted(posix, file, range);
            } catch (PosixException e) {
                if (!e.is(Errno.EPERM)) {
                    throw e;
                }
                return new BlockState(-1, Dirt.UNKNOWN);
            }
        }
        var residency = new Residency(posix, traits);
        long resident = residency.isKnown(file) ? residency.residentBytes(file, range) : -1;
        return new BlockState(resident, resident == 0 ? Dirt.CLEAN : Dirt.UNKNOWN);
    }

    private static BlockState counted(Posix posix, OwnedFd file, ByteRange range) throws PosixException {
        var count = posix.pages().cachestat(file, range);
        long resident = count.resident() * posix.pages().pageBytes();
        boolean dirty = count.dirty() + count.writeback() > 0;
        return new BlockState(Math.min(resident, range.lengthBytes()), dirty ? Dirt.DIRTY : Dirt.CLEAN);
    }

    /** Whether nothing of it is in the page cache. */
    public boolean isCold() {
        return residentBytes == 0;
    }

    /** Asks about ranges of one file. One thread at a time. */
    static final class Inquiry {
        /** The kernel writes dirty pages after 30 s as a rule, in rounds of 5 s (vm.dirty_expire_centisecs). */
        private static final long QUIET_NANOS = 60_000_000_000L;

        private final Posix posix;
        private final OwnedFd file;
        private final Residency residency;
        private final boolean isKnown;
        private final boolean wasQuiet;
        private volatile boolean countsDirt;

        /** {@code nanos}: the time of day, since 1970. */
        Inquiry(Posix posix, MountTraits traits, OwnedFd file, FileStatus status, LongSupplier nanos)
                throws PosixException {
            this.posix = posix;
            this.file = file;
            this.residency = new Residency(posix, traits);
            this.isKnown = residency.isKnown(file);
            this.countsDirt = isKnown && traits.cachestat();
            this.wasQuiet = nanos.getAsLong() - status.modifiedNanos() >= QUIET_NANOS;
        }

        /** Whether the kernel tells which pages are dirty, as far as is known by now. */
        boolean isDirtKnown() {
            return countsDirt;
        }

        boolean isResidencyKnown() {
            return isKnown;
        }

        /** {@code range} starts on a page, and is no longer than a look of {@link Residency}. */
        BlockState of(ByteRange range) throws PosixException {
            if (countsDirt) {
                try {
                    return counted(posix, file, range);
                } catch (PosixException e) {
                    if (!e.is(Errno.EPERM)) { // by a system call filter: see Residency
                        throw e;
                    }
                    countsDirt = false;
                }
            }
            long resident = isKnown ? residency.pages(file, range).residentBytes() : -1;
            return new BlockState(resident, resident == 0 ? Dirt.CLEAN : Dirt.UNKNOWN);
        }

        /** Whether a range of that state may be compared with the device. */
        boolean isSettled(BlockState state) {
            return switch (state.dirt()) {
                case CLEAN -> true;
                case DIRTY -> false;
                case UNKNOWN -> wasQuiet;
            };
        }

        /** Which pages of the range are resident, where that is known. */
        ResidencyBitmap pages(ByteRange range) throws PosixException {
            return residency.pages(file, range);
        }
    }
}
