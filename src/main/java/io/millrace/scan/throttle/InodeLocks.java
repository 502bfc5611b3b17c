// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.posix.FileStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Who reads which file, for scans that come to one file at the same time: the second waits until the first is done with
 * it, so that the device is not read by two heads at once. It does not wait for a scan that is itself held, nor for its
 * own other threads, which may be at another name of the file.
 *
 * <p>A thread has one turn at a time and waits only while it has none, so nobody waits in a circle. It must not hold
 * processes of workers either while it waits: whoever has the turn may need them. Any thread.
 */
public final class InodeLocks {
    /** How soon a wish to stop is heard, or that the scan in front is held. */
    private static final long PATIENCE_NANOS = 50_000_000;

    /** A file, whatever its names. */
    private record Identity(long device, long inode) {
        static Identity of(FileStatus file) {
            return new Identity(file.device(), file.inode());
        }
    }

    private final boolean isForOneScan;

    /** How many threads of each scan have a turn, by file. */
    @GuardedBy("this") private final Map<Identity, Map<ReadGate, Integer>> turns = new HashMap<>();

    public InodeLocks() {
        this(false);
    }

    private InodeLocks(boolean isForOneScan) {
        this.isForOneScan = isForOneScan;
    }

    /** For a scan that is the only one, so that every turn is free. */
    public static InodeLocks ofOneScan() {
        return new InodeLocks(true);
    }

    /** Takes a turn if that needs no wait. */
    public boolean tryTake(FileStatus file, ReadGate scan) {
        return isForOneScan || tryAdd(file, scan);
    }

    private synchronized boolean tryAdd(FileStatus file, ReadGate scan) {
        Identity identity = Identity.of(file);
        boolean free = isFree(identity, scan);
        if (free) {
            add(identity, scan);
        }
        return free;
    }

    /** Waits for a turn; once the scan is to stop it is given at once. {@link #leave} follows in any case but an exception. */
    public synchronized void take(FileStatus file, ReadGate scan, BooleanSupplier stopping)
            throws InterruptedException {
        Identity identity = Identity.of(file);
        while (!isFree(identity, scan) && !stopping.getAsBoolean()) {
            TimeUnit.NANOSECONDS.timedWait(this, PATIENCE_NANOS);
        }
        add(identity, scan);
    }

    @GuardedBy("this") private boolean isFree(Identity identity, ReadGate scan) {
        for (ReadGate holder : turns.getOrDefault(identity, Map.of()).keySet()) {
            if (holder != scan && !holder.isAway()) {
                return false;
            }
        }
        return true;
    }

    @GuardedBy("this") private void add(Identity identity, ReadGate scan) {
        turns.computeIfAbsent(identity, none -> new HashMap<>()).merge(scan, 1, Integer::sum);
    }

    public void leave(FileStatus file, ReadGate scan) {
        if (!isForOneScan) {
            remove(file, scan);
        }
    }

    private synchronized void remove(FileStatus file, ReadGate scan) {
        Identity identity = Identity.of(file);
        var holders = turns.get(identity);
        if (holders == null || holders.computeIfPresent(scan, (holder, threads) -> threads - 1) == null) {
            throw new IllegalStateException("no turn of this scan at " + identity);
        }
        holders.remove(scan, 0);
        if (holders.isEmpty()) {
            turns.remove(identity);
        }
        notifyAll();
    }

    /** Files that somebody has a turn at. */
    synchronized int size() {
        return turns.size();
    }
}
