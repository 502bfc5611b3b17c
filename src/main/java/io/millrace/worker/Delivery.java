// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.files.PipeWriter;
import io.millrace.posix.Poll;
import io.millrace.posix.ProcessSignal;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.worker.WorkerOutcome.Kind;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Delivers one file to one process, up to the outcome. No method blocks: the caller moves as many bytes as the pipe
 * takes, polls the descriptors of {@link #addTo} for at most {@link #nanosUntilDue}, and calls {@link #happened},
 * until there is an {@link #outcome}. One thread, which closes it.
 */
public abstract sealed class Delivery implements AutoCloseable permits PerFileDelivery, ProtocolDelivery {
    private enum Phase {
        STREAMING,
        AWAITING,
        /** The process is being terminated; the outcome is final. */
        ENDING,
        OVER
    }

    final WorkerSpec spec;
    final FileHeader head;
    final Child child;
    private final WorkerPool pool;
    private final ChildStdin intake;
    private final DeliveryDeadlines patience;
    private Phase phase = Phase.STREAMING;
    private boolean inputComplete;
    private long sentBytes;
    private boolean said;
    private long askedNanos;
    private long killedNanos;
    private boolean killed;
    private @Nullable WorkerOutcome outcome;

    Delivery(WorkerPool pool, WorkerSpec spec, FileHeader head, Child child) {
        this.pool = pool;
        this.spec = spec;
        this.head = head;
        this.child = child;
        this.intake = child.intake();
        this.patience = new DeliveryDeadlines(spec.limits());
    }

    // The hooks in which the worker modes differ.

    /**
     * Prepares for data and returns how many bytes may follow now, at most {@code lengthBytes}. Protocol bytes that
     * precede them are buffered.
     */
    abstract long open(long lengthBytes);

    /** Called after file bytes were written. */
    abstract void moved(long bytes);

    /**
     * Called after all file bytes were written: buffers the trailer, once. Returns false if that has to wait for room.
     */
    abstract boolean finish() throws PosixException;

    /** Called after the buffer was flushed, too. */
    abstract void finished();

    /** Called with bytes read from its standard output. */
    abstract void take(ByteBuffer bytes);

    /** Returns the outcome if it can be decided by now. A process that succeeded and still runs is reused. */
    abstract @Nullable WorkerOutcome judge(long nowNanos) throws PosixException;

    /** Abandons the file: notifies the process, or terminates it. */
    public abstract void abandon(String reason) throws PosixException;

    /** Capacity of the pipe to the worker. */
    public final int pipeBytes() {
        return intake.capacityBytes();
    }

    public final WorkerSpec spec() {
        return spec;
    }

    /** Whether it accepts more bytes of the file. */
    public final boolean isStreaming() {
        return phase == Phase.STREAMING && !intake.isBroken();
    }

    /** Whether it needs no more bytes of the file. */
    public final boolean isEndingOrOver() {
        return phase == Phase.ENDING || phase == Phase.OVER;
    }

    /**
     * Moves pages of the file into the pipe (splice(2)).
     *
     * @return bytes moved, {@link PipeWriter#FULL}, or 0 at the end of the file. Fails with EINVAL if its pages cannot
     *     be spliced; use {@link #copy} then
     */
    public final long splice(OwnedFd file, ByteRange range) throws PosixException {
        long most = ready(range.lengthBytes());
        return most == 0 ? PipeWriter.FULL : gone(intake.splice(file, new ByteRange(range.offsetBytes(), most)));
    }

    /** Whether the last {@link #splice} filled the pipe. */
    public final boolean isFull() {
        return intake.isFull();
    }

    /** Writes zeros; returns the bytes written, or {@link PipeWriter#FULL}. */
    public final long zeros(long lengthBytes) throws PosixException {
        long most = ready(lengthBytes);
        return most == 0 ? PipeWriter.FULL : gone(intake.zeros(most));
    }

    /** Writes a part of a buffer; returns the bytes written, or {@link PipeWriter#FULL}. */
    public final long copy(NativeBuffer buffer, int fromBytes, int lengthBytes) throws PosixException {
        long most = ready(lengthBytes);
        return most == 0 ? PipeWriter.FULL : gone(intake.write(buffer, fromBytes, (int) most));
    }

    /**
     * Buffers a copy of a few bytes, whether or not the pipe has room; they are written together with the protocol
     * bytes around them.
     */
    public final void stage(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            int part = (int) open(bytes.remaining());
            intake.outbox().add(bytes.duplicate().limit(bytes.position() + part));
            bytes.position(bytes.position() + part);
            moved(part);
            sentBytes += part;
        }
    }

    private long ready(long lengthBytes) throws PosixException {
        if (!flush()) {
            return 0;
        }
        long most = open(lengthBytes);
        return flush() ? most : 0;
    }

    final boolean flush() throws PosixException {
        if (intake.flush() > 0) {
            patience.renew();
        }
        return intake.outbox().isEmpty() && !intake.isBroken();
    }

    private long gone(long bytes) {
        if (bytes > 0) {
            moved(bytes);
            sentBytes += bytes;
            patience.renew();
        }
        return bytes;
    }

    /** Called when all bytes of the file were moved. */
    public final void end() throws PosixException {
        phase = Phase.AWAITING;
        completeInput();
    }

    private void completeInput() throws PosixException {
        if (phase == Phase.AWAITING && !inputComplete && !intake.isBroken() && finish() && flush()) {
            inputComplete = true;
            finished();
        }
    }

    /** Whether all bytes of the file and its trailer were written. */
    final boolean isInputComplete() {
        return inputComplete;
    }

    /** Called before the first bytes are written: the time-outs run from here. */
    public final void start() {
        patience.start();
    }

    /** Called when there are no bytes to deliver, so that the idle time does not count as a stall. */
    public final void starved() {
        patience.renew();
    }

    /** Excludes this time from the time-outs: the caller had other work and offered no bytes. */
    public final void excuse(long nanos) {
        patience.excuse(nanos);
    }

    /** Bytes that the process has not read, whether in the pipe or buffered. */
    public final int pendingBytes() throws PosixException {
        return intake.untakenBytes();
    }

    /** Whether the last {@link #happened} read anything from its outputs. */
    public final boolean hasJustSpoken() {
        return said;
    }

    /** Adds the descriptors to poll. {@code wantsRoom}: there are bytes to write. */
    public final void addTo(List<Poll> polls, boolean wantsRoom) {
        if (phase != Phase.OVER) {
            boolean pads = spec.mode() == WorkerMode.PERSISTENT && phase == Phase.AWAITING && !inputComplete;
            child.addTo(polls, wantsRoom || pads || !intake.outbox().isEmpty());
        }
    }

    /** Longest time that the poll may block. */
    public final long nanosUntilDue() {
        long now = System.nanoTime();
        long due = phase == Phase.ENDING ? lateNanos() : patience.dueNanos();
        if (phase != Phase.ENDING && (patience.isBroken() || child.hasExited())) {
            due = now + DeliveryDeadlines.GRACE_NANOS / 20;
        }
        return Math.min(Math.max(0, due - now), child.nanosUntilLook());
    }

    /** Handles the events of the last poll and expired time-outs. */
    public final void happened() throws PosixException {
        if (phase == Phase.OVER) {
            return;
        }
        if (phase == Phase.ENDING) {
            child.see(unheard -> {});
            goOnEnding(System.nanoTime());
            return;
        }
        said = child.see(this::take);
        if (said) {
            patience.renew();
        }
        long now = System.nanoTime();
        completeInput();
        WorkerOutcome judged = judge(now);
        if (judged == null) {
            lookAtTheClock(now);
        } else if (judged.kind().isWorkersFault() && !child.hasReaped()) {
            end(judged);
        } else {
            over(judged, !child.hasReaped());
        }
    }

    private void lookAtTheClock(long now) throws PosixException {
        if (patience.isSampleDue(now)) {
            patience.sample(now, intake.unreadBytes());
        }
        Kind exhausted = patience.exhausted(now);
        if (exhausted == Kind.STALLED && phase == Phase.STREAMING && intake.untakenBytes() == 0) {
            patience.renew(); // it has read everything: the other consumers were slow
            return;
        }
        if (intake.isBroken() && !child.hasExited()) {
            if (patience.isBrokenForGood(now)) {
                end(Kind.CLOSED_EARLY, "closed its standard input " + progress());
            }
        } else if (exhausted != null) {
            end(exhausted, patience.describe(exhausted) + ", " + progress());
        }
    }

    /** Returns {@code after 4096 of 8192 bytes}: the file bytes that the process has read, as far as the pipe shows. */
    String progress() throws PosixException {
        long taken = Math.max(0, sentBytes - intake.untakenBytes());
        return "after " + Math.min(taken, head.bytes()) + " of " + head.bytes() + " bytes";
    }

    /** Terminates the process; the outcome will be of this kind. */
    public final void end(Kind kind, String reason) throws PosixException {
        end(outcome(kind, OptionalInt.empty(), "", reason));
    }

    private void end(WorkerOutcome certain) throws PosixException {
        if (phase == Phase.ENDING || phase == Phase.OVER) {
            return;
        }
        phase = Phase.ENDING;
        outcome = certain;
        askedNanos = System.nanoTime();
        child.signal(ProcessSignal.TERMINATE);
        child.signal(ProcessSignal.CONTINUE);
    }

    private void goOnEnding(long now) throws PosixException {
        boolean late = now >= lateNanos();
        if (child.hasExited() && (child.hasClosedAll() || late)) {
            var unused = child.reap();
            over(outcome, false);
        } else if (late && !killed) {
            killed = true;
            child.signal(ProcessSignal.KILL);
            killedNanos = now;
        } else if (late) {
            over(outcome, false); // closing waits a while longer, and then leaves the process to the kernel
        }
    }

    /** When termination is overdue: first after SIGTERM, then after SIGKILL. */
    private long lateNanos() {
        return killed
                ? killedNanos + DeliveryDeadlines.GRACE_NANOS
                : askedNanos + pool.stopTimeout().toNanos();
    }

    /** Returns a number that identifies one file and is never reused. */
    final long nextId() {
        return pool.nextId();
    }

    final WorkerOutcome outcome(Kind kind, OptionalInt exitCode, String output, String reason) {
        return new WorkerOutcome(spec.name(), spec.mode(), kind, exitCode, output, reason, 1);
    }

    private void over(@Nullable WorkerOutcome certain, boolean keepsProcess) throws PosixException {
        phase = Phase.OVER;
        outcome = certain;
        pool.over(certain, child, keepsProcess);
    }

    /** Empty until the outcome is known and the process has either ended or is ready for another file. */
    public final Optional<WorkerOutcome> outcome() {
        return phase == Phase.OVER ? Optional.ofNullable(outcome) : Optional.empty();
    }

    /** Kills the process if there is no outcome yet. */
    @Override
    public final void close() throws PosixException {
        if (phase != Phase.OVER) {
            over(null, false);
        }
    }
}
