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
 * Every process that was spawned and is not reaped yet. When this process ends, their groups are killed first: the kernel
 * then closes their pipes, and none may take that for the end of its file. Static, because that end is the whole
 * process's. Any thread.
 */
final class LiveProcesses {
    /** How long a posix_spawn(3) that hangs (a program on a dead mount) can delay the end of this process. */
    private static final long MAX_SPAWN_WAIT_SECONDS = 1;

    /** A process that was killed and hangs in the kernel is left to it after so many looks, a millisecond apart. */
    private static final int MAX_REAPS = 5000;

    private static final Map<Integer, Live> LIVE = new ConcurrentHashMap<>();

    /** Shared by spawns and reaps; exclusive where the set must not change. */
    private static final ReadWriteLock CHANGES = new ReentrantReadWriteLock();

    private static final AtomicBoolean REAPING = new AtomicBoolean();

    private static volatile boolean ending;

    private record Live(Posix posix, ChildProcess process) {}

    static {
        ExitActions.add(LiveProcesses::killAll);
    }

    private LiveProcesses() {}

    /** As {@link io.millrace.posix.ChildCalls#spawn}. */
    static ChildProcess spawn(Posix posix, SpawnRequest request) throws PosixException {
        if (REAPING.compareAndSet(false, true)) {
            OrphanReaper.startIfNeeded(posix, LiveProcesses::reapOrphan);
        }
        CHANGES.readLock().lock();
        try {
            if (ending) {
                throw new IllegalStateException("this process is ending, and starts no other");
            }
            ChildProcess process = posix.children().spawn(request);
            LIVE.put(process.pid(), new Live(posix, process));
            return process;
        } finally {
            CHANGES.readLock().unlock();
        }
    }

    /** As {@link io.millrace.posix.ChildCalls#reap}. */
    static Optional<ExitStatus> reap(Posix posix, ChildProcess process) throws PosixException {
        CHANGES.readLock().lock();
        try {
            Optional<ExitStatus> status = posix.children().reap(process);
            if (status.isPresent()) {
                LIVE.remove(process.pid());
            }
            return status;
        } catch (PosixException e) {
            if (e.is(Errno.ECHILD)) { // its number may be another's by now
                LIVE.remove(process.pid());
            }
            throw e;
        } finally {
            CHANGES.readLock().unlock();
        }
    }

    /** Reaps a process that has ended, unless it was spawned here; whether it did. Waits for a spawn under way. */
    static boolean reapOrphan(Posix posix, int pid) throws PosixException {
        CHANGES.writeLock().lock();
        try {
            return !LIVE.containsKey(pid) && posix.children().reapOrphan(pid);
        } finally {
            CHANGES.writeLock().unlock();
        }
    }

    /** Ends one that nobody could take care of: its group is killed, and it is reaped as soon as it has gone. */
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
            return; // ended meanwhile, or another user's by now (setuid), who alone can end it
        }
    }
}
