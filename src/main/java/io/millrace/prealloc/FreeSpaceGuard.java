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
 * Enforces the free-space reserve for one batch. Checks statfs(2) before allocating (ext4 fills the disk before it
 * fails with ENOSPC) and again afterwards (other processes write too). Keeps its own running total because btrfs
 * counts blocks only after a sync. Blocks reserved for root never count as free. One thread.
 */
final class FreeSpaceGuard {
    /** The running total of one file system. */
    private static final class Account {
        final FileSystemStatus first;
        long grantedBytes;

        Account(FileSystemStatus first) {
            this.first = first;
        }

        boolean isCounted() {
            return first.totalBytes() > 0; // a tmpfs without a limit and a ramfs report no size
        }

        long freeBytes(FileSystemStatus now) {
            return Math.max(0, Math.min(now.availableBytes(), first.availableBytes() - grantedBytes));
        }
    }

    /** Permission to allocate some bytes; must be confirmed or released. */
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

    /** Locks by device. Static because all threads share the file systems; bounded by their number. */
    private static final ConcurrentMap<Long, Object> TURNS = new ConcurrentHashMap<>();

    private final Posix posix;
    private final Reserve reserve;
    private final Map<Long, Account> accounts = new HashMap<>();

    FreeSpaceGuard(Posix posix, Reserve reserve) {
        this.posix = posix;
        this.reserve = reserve;
    }

    /**
     * Returns the lock that every thread of the process holds from {@link #admit} until the blocks are allocated: two
     * threads that both checked before either allocated would together cross the reserve.
     */
    Object turn(OwnedFd file) throws PosixException {
        return TURNS.computeIfAbsent(posix.files().status(file).device(), any -> new Object());
    }

    /** Fails if {@code neededBytes} are not available above the reserve. */
    Grant admit(OwnedFd file, BytePath path, long neededBytes) throws PosixException, AllocationException {
        FileSystemStatus now = posix.files().fileSystem(file);
        long device = posix.files().status(file).device();
        Account account = accounts.computeIfAbsent(device, any -> new Account(now));
        if (!account.isCounted()) {
            if (!reserve.equals(Reserve.NONE)) {
                throw refusal(
                        path, "the file system does not report its free space, so a reserve cannot be kept there");
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

    /** Fails if free space is below the reserve now, whichever process caused it. */
    void confirm(OwnedFd file, BytePath path, Grant grant) throws PosixException, AllocationException {
        if (!grant.account.isCounted()) {
            return;
        }
        FileSystemStatus now = posix.files().fileSystem(file);
        long floor = reserve.floorBytes(now);
        if (now.availableBytes() < floor) {
            throw refusal(
                    path, "left " + describe(now.availableBytes()) + " free" + crossed(floor) + "; blocks released");
        }
        FileSystemStatus first = grant.account.first;
        if (now.availableBytes() == 0 && now.freeBytes() < first.freeBytes() - first.availableBytes()) {
            throw refusal(path, "took space that is reserved for root: no space (ENOSPC); blocks released");
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
