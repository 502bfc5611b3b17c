// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.FileSystemStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.prealloc.AllocationException.Refusal;
import io.millrace.units.ByteSize;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Keeps the reserve during one batch. It asks before, since ext4 fills the disk first and says ENOSPC then, and after,
 * since others write meanwhile. It keeps a book of its own beside, since btrfs counts blocks only once they are
 * synced. What the file system withholds for root is not free, whoever asks. One thread.
 */
final class FreeSpaceGuard {
    /** The book of one file system. */
    private static final class Account {
        final FileSystemStatus first;
        long grantedBytes;

        Account(FileSystemStatus first) {
            this.first = first;
        }

        boolean isCounted() {
            return first.totalBytes() > 0; // a tmpfs without a limit and a ramfs count nothing
        }

        long freeBytes(FileSystemStatus now) {
            return Math.max(0, Math.min(now.availableBytes(), first.availableBytes() - grantedBytes));
        }
    }

    /** Leave to take some bytes: to be confirmed, or given back. */
    static final class Grant {
        private final Account account;
        private final long bytes;

        private Grant(Account account, long bytes) {
            this.account = account;
            this.bytes = bytes;
            account.grantedBytes += bytes;
        }

        void giveBack() {
            account.grantedBytes -= bytes;
        }
    }

    /** By device. Static since the file systems are everybody's; as many as there are of those. */
    private static final ConcurrentMap<Long, Object> TURNS = new ConcurrentHashMap<>();

    private final Posix posix;
    private final Reserve reserve;
    private final Map<Long, Account> accounts = new HashMap<>();

    FreeSpaceGuard(Posix posix, Reserve reserve) {
        this.posix = posix;
        this.reserve = reserve;
    }

    /**
     * To be synchronized on from {@link #admit} until the blocks are taken, by every thread of the process: two that asked
     * before either took them would both cross the reserve.
     */
    Object turn(OwnedFd file) throws PosixException {
        return TURNS.computeIfAbsent(posix.files().status(file).device(), any -> new Object());
    }

    /** Refuses where {@code neededBytes} are not to be had. */
    Grant admit(OwnedFd file, BytePath path, long neededBytes) throws PosixException, AllocationException {
        FileSystemStatus now = posix.files().fileSystem(file);
        long device = posix.files().status(file).device();
        Account account = accounts.computeIfAbsent(device, any -> new Account(now));
        if (!account.isCounted()) {
            if (!reserve.equals(Reserve.NONE)) {
                throw refusal(path, "the file system does not count its free space, so no reserve can be kept there");
            }
            return new Grant(account, neededBytes);
        }
        long free = account.freeBytes(now);
        long floor = reserve.floorBytes(now);
        if (neededBytes > free) {
            throw refusal(
                    path, describe(neededBytes) + " are needed, " + describe(free) + " are free: no space (ENOSPC)");
        }
        if (free - neededBytes < floor) {
            throw refusal(path, "would leave " + describe(free - neededBytes) + " free" + crossed(floor));
        }
        return new Grant(account, neededBytes);
    }

    /** Refuses where the reserve is crossed now, by whomever. */
    void confirm(OwnedFd file, BytePath path, Grant grant) throws PosixException, AllocationException {
        if (!grant.account.isCounted()) {
            return;
        }
        FileSystemStatus now = posix.files().fileSystem(file);
        long floor = reserve.floorBytes(now);
        if (now.availableBytes() < floor) {
            throw refusal(path, "left " + describe(now.availableBytes()) + " free" + crossed(floor) + "; given back");
        }
        FileSystemStatus first = grant.account.first;
        if (now.availableBytes() == 0 && now.freeBytes() < first.freeBytes() - first.availableBytes()) {
            throw refusal(path, "took space that is withheld for root: no space (ENOSPC); given back");
        }
    }

    private String crossed(long floor) {
        String share = reserve.percent() > 0 ? " (" + reserve + ")" : "";
        return ", the reserve is " + describe(floor) + share + ": no space (ENOSPC)";
    }

    private static String describe(long bytes) {
        return ByteSize.format(bytes);
    }

    private static AllocationException refusal(BytePath path, String why) {
        return new AllocationException(Refusal.SPACE, path, why);
    }
}
