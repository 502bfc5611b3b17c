// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.FileStatus;
import io.millrace.posix.FileSystemType;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.Optional;
import java.util.UUID;

/**
 * Which file system a file lies on.
 *
 * @param key {@code uuid:…} or, on btrfs, with the subvolume, {@code fsid:…}: the same wherever it is mounted; {@code
 *     device:MAJOR:MINOR} where only the device node is known
 * @param isDurable whether the key outlives a remount and a restart
 */
public record FileSystemIdentity(String key, boolean isDurable) {
    /**
     * Asks the kernel. To be asked anew for each file, or once a mount: device numbers are used again after an unmount.
     *
     * <p>Where FS_IOC_GETFSUUID is missing (before Linux 6.9) {@code f_fsid} serves on ext4, which makes it of the UUID; xfs and
     * most others make it of the device number, so that they have no durable key there.
     */
    public static FileSystemIdentity of(Posix posix, OwnedFd file, FileStatus status) throws PosixException {
        Optional<UUID> uuid = posix.identities().fileSystemUuid(file);
        if (uuid.isPresent()) {
            return new FileSystemIdentity("uuid:" + uuid.get(), true);
        }
        var type = FileSystemType.of(posix.files().fileSystem(file).magic());
        long number = posix.identities().fileSystemNumber(file);
        if (number != 0 && type.hasDurableNumber()) {
            return new FileSystemIdentity("fsid:%016x".formatted(number), true);
        }
        return new FileSystemIdentity("device:" + status.deviceName(), false);
    }
}
