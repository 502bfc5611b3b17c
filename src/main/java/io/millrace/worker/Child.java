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
 * A worker process together with our ends of its pipes or terminal. Owns all of them: after {@link #close()} there is
 * no process, no zombie and no open descriptor. One thread at a time.
 */
final class Child implements AutoCloseable {
    static final int READING_BYTES = 64 << 10;

    /** Reads of one stream before the other streams get their turn. */
    private static final int MAX_READS = 16;

    /** How long to wait for a process to exit after SIGKILL; one that hangs in the kernel (state D) is left behind. */
    private static final int REAP_MILLIS = 5000;

    /** Polling interval for an exit that no descriptor reports. */
    private static final long LOOK_NANOS = 20_000_000;

    private static final long SOON_NANOS = 1_000_000;

    /** The read end of an output stream, open until end of file. */
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

    /** Whether SIGKILL was sent, so that the process can no longer mistake a closed stdin for the end of a file. */
    private boolean killed;

    private long abandonedId = -1;

    /** Takes ownership of all arguments. {@code err} is null if {@code out} is a terminal that carries both streams. */
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

    /** Whether no process holds the write ends of its outputs any more. */
    boolean hasClosedAll() {
        return out.ended && (err == null || err.ended);
    }

    /** Longest poll before the exit status is checked again: some kernels report an exit through no descriptor. */
    long nanosUntilLook() {
        if (exit != null || exited) {
            return Long.MAX_VALUE;
        }
        return hasClosedAll() || intake.isBroken() ? SOON_NANOS : LOOK_NANOS; // most close all at exit
    }

    /** Whether this file was abandoned, so that an answer to it is meaningless. */
    boolean wasAbandoned(long id) {
        return id == abandonedId;
    }

    void abandoned(long id) {
        abandonedId = id;
    }

    /** Adds the descriptors to be polled. */
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
     * Handles the events of the last poll.
     *
     * @param taker receives what the process writes to its standard output or terminal; the buffer is valid only
     *     during the call
     * @return whether the process wrote anything
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
                return said; // the stream is drained
            }
        }
        return said;
    }

    /** A terminal reports EIO once the last process that had it open is gone (pty(7)). */
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

    /** Checks without blocking that the process is alive and wrote nothing, as required between two files. */
    boolean isIdle() throws PosixException {
        List<Poll> polls = new ArrayList<>();
        addTo(polls, false);
        var spoke = new boolean[1];
        if (posix.pipes().poll(polls, 0) > 0) {
            see(bytes -> spoke[0] = true);
        }
        return !exited && !intake.isBroken() && !out.ended && !spoke[0]; // it may have exited after its last answer
    }

    void signal(ProcessSignal signal) throws PosixException {
        if (reaped) {
            return;
        }
        try {
            posix.children().signalGroup(process, signal);
        } catch (PosixException e) {
            if (!e.is(Errno.EPERM)) { // it runs as another user (setuid), and only that user can kill it
                throw e;
            }
        }
        killed |= signal == ProcessSignal.KILL;
    }

    /**
     * Reaps the process after it has exited: kills the rest of its process group and returns the exit status. Empty if
     * it cannot be reaped yet, as under a tracer (ptrace(2)), which is notified first.
     */
    Optional<ExitStatus> reap() throws PosixException {
        signal(ProcessSignal.KILL); // before the kernel can reuse the process id
        Optional<ExitStatus> status = LiveProcesses.reap(posix, process);
        reaped = status.isPresent();
        return status;
    }

    /** Kills the process if it still runs, reaps it, and closes all descriptors. */
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
            } catch (PosixException e) { // a process that is not reaped now stays a zombie, so try again
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
        if (killed || reaped) { // else it still runs and would see end of file: kill it before this process exits
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
