// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.posix.FileStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Locks by inode for scans that reach the same file at the same time: the second scan waits until the first has read
 * the file, so that the device does not serve two readers at different offsets. A scan does not wait for a scan that is
 * itself paused or yielding, nor for its own other threads, which may read the file by another link.
 *
 * <p>Deadlock is impossible because a thread holds at most one lock and waits only while it holds none. A waiting
 * thread must not hold worker processes either, because the lock's holder may need them. Any thread.
 */
public final class InodeLocks {
    /** Upper bound of the delay before a stop request, or a hold of the lock's holder, is noticed. */
    private static final long PATIENCE_NANOS = 50_000_000;

    /** Identifies a file independently of its names. */
    private record Identity(long device, long inode) {
        static Identity of(FileStatus file) {
            return new Identity(file.device(), file.inode());
        }
    }

    private final boolean isForOneScan;

    /** Number of threads of each scan that hold the lock, by file. */
    @GuardedBy("this") private final Map<Identity, Map<ReadGate, Integer>> turns = new HashMap<>();

    public InodeLocks() {
        this(false);
    }

    private InodeLocks(boolean isForOneScan) {
        this.isForOneScan = isForOneScan;
    }

    /** Creates the locks of a scan that runs alone, which never waits. */
    public static InodeLocks ofOneScan() {
        return new InodeLocks(true);
    }

    /** Takes the lock if that needs no wait. */
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

    /**
     * Waits for the lock; once {@code stopping} is true the lock is granted at once. Unless this throws, the caller
     * must call {@link #leave} afterwards.
     */
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

    /** Returns the number of locked files. */
    synchronized int size() {
        return turns.size();
    }
}
