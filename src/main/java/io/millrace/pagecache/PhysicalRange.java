// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.Extent;
import io.millrace.posix.FileStatus;
import io.millrace.posix.FileSystemType;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a run of a file lies on its device.
 *
 * @param file the bytes of the file
 * @param device {@code /dev/sdb}: the disk where the file system lies on a partition, so that findings of all its partitions
 *     can be compared; empty on btrfs, whose addresses are its own and whose devices change from chunk to chunk
 * @param deviceBytes the offset on that device, or in btrfs's own space
 */
public record PhysicalRange(ByteRange file, Optional<String> device, long deviceBytes) {
    private static final int SECTOR_BYTES = 512;

    /**
     * The runs of a range by FS_IOC_FIEMAP, in order, without those that have no place of their own: holes, and what is inline
     * or yet to be written. Writes nothing out. Empty where the file system has no map. Compressed extents are told by where
     * they start.
     */
    public static List<PhysicalRange> of(Posix posix, OwnedFd file, FileStatus status, ByteRange range)
            throws PosixException {
        var type = FileSystemType.of(posix.files().fileSystem(file).magic());
        var disk = type.hasOwnAddresses() ? new Disk(Optional.empty(), 0) : Disk.of(status.deviceName());
        var ranges = new ArrayList<PhysicalRange>();
        try {
            posix.space().extentsWithoutSync(file, range, extent -> {
                var part = overlap(extent, range);
                if (extent.hasAddress() && !part.isEmpty()) {
                    long skipped = extent.isPlain()
                            ? part.offsetBytes() - extent.range().offsetBytes()
                            : 0;
                    long start = disk.startBytes() + extent.physicalBytes() + skipped;
                    ranges.add(new PhysicalRange(part, disk.name(), start));
                }
            });
        } catch (PosixException e) {
            if (!e.is(Errno.EOPNOTSUPP) && !e.is(Errno.ENOTTY)) {
                throw e;
            }
        }
        return List.copyOf(ranges);
    }

    private static ByteRange overlap(Extent extent, ByteRange range) {
        long start = Math.max(extent.range().offsetBytes(), range.offsetBytes());
        long end = Math.min(extent.range().endBytes(), range.endBytes());
        return ByteRange.between(start, Math.max(start, end));
    }

    /** A device by sysfs: a partition is told as its disk, and where on it it starts. */
    private record Disk(Optional<String> name, long startBytes) {
        static Disk of(String deviceName) {
            try {
                Path device = Path.of("/sys/dev/block", deviceName).toRealPath();
                Path start = device.resolve("start");
                boolean isPartition = Files.exists(device.resolve("partition"));
                long startBytes =
                        isPartition ? Long.parseLong(Files.readString(start).strip()) * SECTOR_BYTES : 0;
                int names = device.getNameCount(); // …/DISK/PARTITION
                String name = device.getName(names - (isPartition ? 2 : 1)).toString();
                return new Disk(Optional.of("/dev/" + name.replace('!', '/')), startBytes);
            } catch (IOException | NumberFormatException e) {
                return new Disk(Optional.empty(), 0); // no block device, or no /sys
            }
        }
    }
}
