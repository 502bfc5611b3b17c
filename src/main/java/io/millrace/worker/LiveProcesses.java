// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.lifecycle.ExitActions;
import io.millrace.posix.ChildCalls.ChildProcess;
import io.millrace.posix.ExitStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.ProcessSignal;
import io.millrace.posix.SpawnRequest;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Registers every process that was spawned and is not reaped yet. Before this process exits, their process groups are
 * killed: the kernel then closes their pipes, and no worker may mistake that for the end of its file. Static, because
 * the exit concerns the whole process. Any thread.
 */
final class LiveProcesses {
    /** How long a posix_spawn(3) that hangs (a program on an unresponsive mount) can delay the exit of this process. */
    private static final long MAX_SPAWN_WAIT_SECONDS = 1;

    /** Attempts to reap a killed process, a millisecond apart, before it is left to the kernel. */
    private static final int MAX_REAPS = 5000;

    private static final Map<Integer, Live> LIVE = new ConcurrentHashMap<>();

    /** Spawns and reaps hold the read lock; the write lock is held while the set must not change. */
    private static final ReadWriteLock CHANGES = new ReentrantReadWriteLock();

    private static final AtomicBoolean REAPING = new AtomicBoolean();

    private static volatile boolean ending;

    private record Live(Posix posix, ChildProcess process) {}

    static {
        ExitActions.add(LiveProcesses::killAll);
    }

    private LiveProcesses() {}

    /** Like {@link io.millrace.posix.ChildCalls#spawn}, and registers the process. */
    static ChildProcess spawn(Posix posix, SpawnRequest request) throws PosixException {
        if (REAPING.compareAndSet(false, true)) {
            OrphanReaper.startIfNeeded(posix, LiveProcesses::reapOrphan);
        }
        CHANGES.readLock().lock();
        try {
            if (ending) {
                throw new IllegalStateException("this process is stopping and starts no other");
            }
            ChildProcess process = posix.children().spawn(request);
            LIVE.put(process.pid(), new Live(posix, process));
            return process;
        } finally {
            CHANGES.readLock().unlock();
        }
    }

    /** Like {@link io.millrace.posix.ChildCalls#reap}, and removes the process. */
    static Optional<ExitStatus> reap(Posix posix, ChildProcess process) throws PosixException {
        CHANGES.readLock().lock();
        try {
            Optional<ExitStatus> status = posix.children().reap(process);
            if (status.isPresent()) {
                LIVE.remove(process.pid());
            }
            return status;
        } catch (PosixException e) {
            if (e.is(Errno.ECHILD)) { // its process id may have been reused by now
                LIVE.remove(process.pid());
            }
            throw e;
        } finally {
            CHANGES.readLock().unlock();
        }
    }

    /**
     * Reaps a process that has exited, unless it was spawned here; returns whether it did. Waits for a spawn in
     * progress.
     */
    static boolean reapOrphan(Posix posix, int pid) throws PosixException {
        CHANGES.writeLock().lock();
        try {
            return !LIVE.containsKey(pid) && posix.children().reapOrphan(pid);
        } finally {
            CHANGES.writeLock().unlock();
        }
    }

    /** Kills the process group of a process that has no owner, and reaps it as soon as it has exited. */
    static void discard(Posix posix, ChildProcess process) throws PosixException {
        posix.children().signalGroup(process, ProcessSignal.KILL);
        try {
            for (int i = 0; i < MAX_REAPS && reap(posix, process).isEmpty(); i++) {
                LockSupport.parkNanos(1_000_000);
            }
        } finally {
            process.pidfd().ifPresent(OwnedFd::close);
        }
    }

    private static void killAll() {
        ending = true;
        boolean locked = false;
        try {
            locked = CHANGES.writeLock().tryLock(MAX_SPAWN_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LIVE.values().forEach(LiveProcesses::kill);
        if (locked) {
            CHANGES.writeLock().unlock();
        }
    }

    private static void kill(Live live) {
        try {
            live.posix.children().signalGroup(live.process, ProcessSignal.KILL);
        } catch (PosixException e) {
            return; // exited meanwhile, or runs as another user by now (setuid), and only that user can kill it
        }
    }
}
