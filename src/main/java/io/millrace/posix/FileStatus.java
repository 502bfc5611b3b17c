// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import java.nio.ByteBuffer;

/**
 * The result of statx(2). Immutable.
 *
 * @param permissions the lower twelve bits of the mode
 * @param device major number in the upper, minor in the lower half: the same for two files of one mount
 * @param sizeBytes the length
 * @param blocks512 blocks of 512 bytes that the file system has allocated to the file
 * @param modifiedNanos mtime in nanoseconds since 1970; outside the years 1678 to 2261 it advances in steps of a
 *     second, so that later times are larger numbers whatever a file system can store
 * @param changedNanos ctime likewise
 */
public record FileStatus(
        FileType type,
        int permissions,
        int uid,
        int gid,
        long device,
        long inode,
        long links,
        long sizeBytes,
        long blocks512,
        long modifiedNanos,
        long changedNanos) {
    public static final int STRUCT_BYTES = 256;
    // Offsets in struct statx (linux/stat.h).
    public static final int LINKS = 16;
    public static final int UID = 20;
    public static final int GID = 24;
    public static final int MODE = 28;
    public static final int INODE = 32;
    public static final int SIZE = 40;
    public static final int BLOCKS = 48;
    public static final int CHANGED = 96;
    public static final int MODIFIED = 112;
    public static final int MAJOR = 136;
    public static final int MINOR = 140;
    /** Offset of the nanoseconds within a time. */
    public static final int NANOS = 8;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** Seconds before and after 1970 whose nanoseconds fit into a long. */
    private static final long MAX_EXACT_SECONDS = Long.MAX_VALUE / NANOS_PER_SECOND - NANOS_PER_SECOND / 100;

    /** Bytes that the file system has allocated to the file. */
    public long reservedBytes() {
        return blocks512 * 512;
    }

    public boolean isSameFileAs(FileStatus other) {
        return device == other.device && inode == other.inode;
    }

    /** Returns {@code MAJOR:MINOR}, the device name in sysfs. */
    public String deviceName() {
        return (device >>> 32) + ":" + (device & 0xFFFF_FFFFL);
    }

    public static FileStatus read(ByteBuffer statx) {
        int mode = statx.getShort(MODE) & 0xFFFF;
        long major = statx.getInt(MAJOR) & 0xFFFF_FFFFL;
        long minor = statx.getInt(MINOR) & 0xFFFF_FFFFL;
        return new FileStatus(
                FileType.ofMode(mode),
                mode & 07777,
                statx.getInt(UID),
                statx.getInt(GID),
                major << 32 | minor,
                statx.getLong(INODE),
                statx.getInt(LINKS) & 0xFFFF_FFFFL,
                statx.getLong(SIZE),
                statx.getLong(BLOCKS),
                nanos(statx, MODIFIED),
                nanos(statx, CHANGED));
    }

    private static long nanos(ByteBuffer statx, int offset) {
        return time(statx.getLong(offset), statx.getInt(offset + NANOS) & 0xFFFF_FFFFL);
    }

    /**
     * Monotonic over all times of the kernel: ext4 has years to 2446, xfs to 2486, btrfs and tmpfs 64 bits of seconds.
     */
    static long time(long seconds, long nanos) {
        long exact = Math.max(-MAX_EXACT_SECONDS, Math.min(MAX_EXACT_SECONDS, seconds));
        long number = exact * NANOS_PER_SECOND + (exact == seconds ? nanos : 0);
        long beyond = seconds - exact; // no overflow: both have the same sign
        return seconds < 0
                ? Math.max(beyond, Long.MIN_VALUE - number) + number
                : Math.min(beyond, Long.MAX_VALUE - number) + number;
    }
}
