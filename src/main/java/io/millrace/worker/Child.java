// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.posix.ChildCalls.ChildProcess;
import io.millrace.posix.ExitStatus;
import io.millrace.posix.Poll;
import io.millrace.posix.Posix;
import io.millrace.posix.ProcessSignal;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A process of a worker, and our ends of what connects us with it. Owns all of it: {@link #close()} leaves no process,
 * no zombie and no descriptor. One thread at a time.
 */
final class Child implements AutoCloseable {
    static final int READING_BYTES = 64 << 10;

    /** So much is read of one stream before the others get their turn. */
    private static final int MAX_READS = 16;

    /** How long the end of a process that was killed with SIGKILL is waited for; one that hangs in the kernel stays. */
    private static final int REAP_MILLIS = 5000;

    /** Between two looks for an exit that nothing tells of. */
    private static final long LOOK_NANOS = 20_000_000;

    private static final long SOON_NANOS = 1_000_000;

    /** An end that we read, until it has ended. */
    private static final class Stream {
        final OwnedFd fd;
        final Poll poll;
        boolean ended;

        Stream(OwnedFd fd) {
            this.fd = fd;
            this.poll = Poll.forInput(fd);
        }
    }

    private final Posix posix;
    private final ChildProcess process;
    private final ChildStdin intake;
    private final Stream out;
    private final @Nullable Stream err;
    private final StderrLogger log;
    private final @Nullable Poll exit;
    private final NativeBuffer reading;
    private boolean exited;
    private boolean reaped;

    /** Whether it can no longer take the end of its input for the end of a file. */
    private boolean killed;

    private long abandonedId = -1;

    /** Takes over all of it; {@code err} is null where {@code out} is a terminal for both. */
    Child(
            Posix posix,
            ChildProcess process,
            ChildStdin intake,
            OwnedFd out,
            @Nullable OwnedFd err,
            StderrLogger log,
            NativeBuffer reading) {
        this.posix = posix;
        this.process = process;
        this.intake = intake;
        this.out = new Stream(out);
        this.err = err == null ? null : new Stream(err);
        this.log = log;
        this.reading = reading;
        this.exit = process.pidfd().map(Poll::forInput).orElse(null);
    }

    ChildStdin intake() {
        return intake;
    }

    boolean hasExited() {
        return exited;
    }

    boolean hasReaped() {
        return reaped;
    }

    boolean hasClosedOutput() {
        return out.ended;
    }

    /** Whether nobody holds its outputs any more. */
    boolean hasClosedAll() {
        return out.ended && (err == null || err.ended);
    }

    /** How soon to look again, whatever {@link #addTo} waits for: an exit shows in no descriptor of some kernels. */
    long nanosUntilLook() {
        if (exit != null || exited) {
            return Long.MAX_VALUE;
        }
        return hasClosedAll() || intake.isBroken() ? SOON_NANOS : LOOK_NANOS; // most close all only as they exit
    }

    /** A file that it was told to forget; an answer to it would mean nothing. */
    boolean wasAbandoned(long id) {
        return id == abandonedId;
    }

    void abandoned(long id) {
        abandonedId = id;
    }

    /** Adds what is to be watched. */
    void addTo(List<Poll> polls, boolean wantsRoom) {
        add(polls, intake.watch(wantsRoom));
        add(polls, exited ? null : exit);
        add(polls, out.ended ? null : out.poll);
        add(polls, err == null || err.ended ? null : err.poll);
    }

    private static void add(List<Poll> polls, @Nullable Poll poll) {
        if (poll != null) {
            polls.add(poll);
        }
    }

    /**
     * Takes in what the last poll saw.
     *
     * @param taker of what it writes to its standard output or terminal; valid only during the call
     * @return whether it said anything
     */
    boolean see(Consumer<ByteBuffer> taker) throws PosixException {
        boolean said = drain(out, err == null ? both(taker) : taker);
        if (err != null) {
            said |= drain(err, log::add);
        }
        exited = exited || (exit == null ? posix.children().hasExited(process) : exit.isReady());
        intake.see();
        return said;
    }

    private Consumer<ByteBuffer> both(Consumer<ByteBuffer> taker) {
        return bytes -> {
            log.add(bytes.duplicate());
            taker.accept(bytes);
        };
    }

    private boolean drain(Stream stream, Consumer<ByteBuffer> taker) throws PosixException {
        if (stream.ended || !(stream.poll.isReady() || stream.poll.isHungUp())) {
            return false;
        }
        boolean said = false;
        for (int i = 0; i < MAX_READS; i++) {
            int count = read(stream);
            if (count < 0) {
                return said;
            }
            if (count == 0) {
                stream.ended = true;
                return said;
            }
            said = true;
            taker.accept(reading.first(count));
            if (count < READING_BYTES && err != null) {
                return said; // there was no more
            }
        }
        return said;
    }

    /** A terminal ends in EIO, when the last that had it open is gone (pty(7)). */
    private int read(Stream stream) throws PosixException {
        try {
            return posix.io().readNoWait(stream.fd, reading);
        } catch (PosixException e) {
            if (err == null && e.is(Errno.EIO)) {
                return 0;
            }
            throw e;
        }
    }

    /** Looks without waiting whether it is still there and silent, as one between two files is to be. */
    boolean isIdle() throws PosixException {
        List<Poll> polls = new ArrayList<>();
        addTo(polls, false);
        var spoke = new boolean[1];
        if (posix.pipes().poll(polls, 0) > 0) {
            see(bytes -> spoke[0] = true);
        }
        return !exited && !intake.isBroken() && !out.ended && !spoke[0]; // it may have ended with its last answer
    }

    void signal(ProcessSignal signal) throws PosixException {
        if (reaped) {
            return;
        }
        try {
            posix.children().signalGroup(process, signal);
        } catch (PosixException e) {
            if (!e.is(Errno.EPERM)) { // it has become another user's (setuid), who alone can end it
                throw e;
            }
        }
        killed |= signal == ProcessSignal.KILL;
    }

    /**
     * After it has exited: ends whatever is left of its group, and gives how it ended; empty where that is too early, as
     * under a tracer (ptrace(2)), which hears of it first.
     */
    Optional<ExitStatus> reap() throws PosixException {
        signal(ProcessSignal.KILL); // before the number can be another's
        Optional<ExitStatus> status = LiveProcesses.reap(posix, process);
        reaped = status.isPresent();
        return status;
    }

    /** Ends it at once, if it still runs, and lets go of everything. */
    @Override
    public void close() throws PosixException {
        try {
            if (!reaped) {
                kill();
            }
        } finally {
            closeAll();
            log.close();
        }
    }

    private void kill() throws PosixException {
        PosixException failure = null;
        long deadline = System.nanoTime() + REAP_MILLIS * 1_000_000L;
        while (!reaped && System.nanoTime() < deadline) {
            try {
                reaped = LiveProcesses.reap(posix, process).isPresent();
                if (!reaped) {
                    pauseIf(exit == null || exit.isReady());
                    signal(ProcessSignal.KILL);
                    if (exit != null) {
                        var unused = posix.pipes().poll(List.of(exit), REAP_MILLIS);
                    }
                }
            } catch (PosixException e) { // what is not reaped now stays a zombie, so it is tried again
                failure = e;
                pauseIf(true);
            }
        }
        if (!reaped && failure != null) {
            throw failure;
        }
    }

    private static void pauseIf(boolean needed) {
        if (needed) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void closeAll() {
        if (killed
                || reaped) { // else it runs, and would see the end of its input: it is killed before this process ends
            intake.close();
        }
        out.fd.close();
        if (err != null) {
            err.fd.close();
        }
        process.pidfd().ifPresent(OwnedFd::close);
        reading.close();
    }
}
