// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.FileStatus;
import io.millrace.posix.FileSystemType;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.Fallbacks;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * What a mount supports for reads that leave the page cache unchanged, determined on one of its files. Immutable.
 *
 * @param deviceName MAJOR:MINOR
 * @param dontCache whether preadv2(RWF_DONTCACHE) works: the kernel has it since 6.14, and ext4, xfs, not btrfs, tmpfs
 * @param residency whether mincore(2) reports the residency of its files to processes with the right to know it
 * @param cachestat whether cachestat(2) is reliable: Linux 6.5, not on overlayfs
 * @param readaheadBytes the kernel's largest readahead; assumed if unknown
 * @param readaheadKnown whether the device reports it
 */
public record MountTraits(
        String deviceName,
        FileSystemType type,
        boolean dontCache,
        boolean residency,
        boolean cachestat,
        long readaheadBytes,
        boolean readaheadKnown) {

    /** Assumed readahead if the setting is unknown. */
    private static final long USUAL_READAHEAD_BYTES = 8 << 20;

    /** POSIX_FADV_SEQUENTIAL doubles the device's setting. */
    private static final int SEQUENTIAL_FACTOR = 2;

    /** Probes with calls that read no data. {@code file} is a regular file, open for reading. */
    public static MountTraits probe(Posix posix, OwnedFd file, FileStatus status) throws PosixException {
        var type = FileSystemType.of(posix.files().fileSystem(file).magic());
        OptionalLong readahead = deviceReadahead(status.deviceName());
        return new MountTraits(
                status.deviceName(),
                type,
                type.canDropPages() && hasDontCache(posix, file, status.sizeBytes()),
                type.holdsFiles() && type.tellsResidency() && hasMincore(posix, file),
                type.holdsFiles() && type.countsPages() && hasCachestat(posix, file),
                SEQUENTIAL_FACTOR * readahead.orElse(USUAL_READAHEAD_BYTES),
                readahead.isPresent());
    }

    private static boolean hasDontCache(Posix posix, OwnedFd file, long sizeBytes) throws PosixException {
        try (var nothing = NativeBuffer.allocate(1)) {
            // At the end of the file the flag is checked, but no page is touched. (No file is longer than 2^63-1
            // bytes.)
            long end = Math.min(sizeBytes, Long.MAX_VALUE - 1);
            var unused = posix.io().preadDontCache(file, nothing, new ByteRange(end, 1));
            return true;
        } catch (PosixException e) {
            if (e.is(Errno.EPERM)) { // a seccomp filter: files do not return this error
                Fallbacks.use(e, "files are read by pread, and dropped from the page cache behind the read");
                return false;
            }
            return refused(e);
        }
    }

    /**
     * No file system rejects mincore(2) with these errors, so the cause is a seccomp filter or a kernel without it;
     * some file systems cannot map files.
     */
    private static boolean hasMincore(Posix posix, OwnedFd file) throws PosixException {
        try (var map = posix.pages().mmap(file, new ByteRange(0, 1));
                var vector = NativeBuffer.allocate(1)) {
            posix.pages().mincore(map, vector);
            return true;
        } catch (PosixException e) {
            if (e.call().equals("mincore") && Fallbacks.isRefused(e)) {
                Fallbacks.use(e, "what was in the page cache before is unknown");
                return false;
            }
            if (e.is(Errno.ENODEV)) {
                return false;
            }
            throw e;
        }
    }

    private static boolean hasCachestat(Posix posix, OwnedFd file) throws PosixException {
        try {
            var unused = posix.pages().cachestat(file, new ByteRange(0, 1));
            return true;
        } catch (PosixException e) {
            return e.is(Errno.EPERM) || refused(e); // EPERM concerns this file, not the mount
        }
    }

    /** Whether the kernel does not support the call; any other error is thrown. */
    private static boolean refused(PosixException e) throws PosixException {
        return switch (e.errno()) {
            case EOPNOTSUPP, ENOSYS, EINVAL -> false;
            default -> throw e;
        };
    }

    /** The readahead of the device, or of the disk that it is a partition of. Usually empty on btrfs. */
    private static OptionalLong deviceReadahead(String deviceName) {
        OptionalLong own = setting(Path.of("/sys/class/bdi", deviceName, "read_ahead_kb"));
        // The name is a link to DISK/PARTITION, whose parent is not /sys/dev/block.
        return own.isPresent() ? own : setting(Path.of("/sys/dev/block", deviceName, "../bdi/read_ahead_kb"));
    }

    private static OptionalLong setting(Path kilobytes) {
        try {
            return OptionalLong.of(Long.parseLong(Files.readString(kilobytes).strip()) << 10);
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
