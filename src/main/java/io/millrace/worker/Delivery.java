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
 * One file on its way into one process, to the outcome. Nothing here waits: whoever has the bytes moves as many as the
 * pipe takes, polls what {@link #addTo} names for {@link #nanosUntilDue} at most, and calls {@link #happened}, until there
 * is an {@link #outcome}. One thread, which closes it.
 */
public abstract sealed class Delivery implements AutoCloseable permits PerFileDelivery, ProtocolDelivery {
    private enum Phase {
        STREAMING,
        AWAITING,
        /** Being ended; the outcome is certain. */
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

    // How the two modes differ.

    /** Prepares for data: bytes that may follow now, {@code lengthBytes} at most. What comes before waits in the outbox. */
    abstract long open(long lengthBytes);

    /** Data has gone. */
    abstract void moved(long bytes);

    /** All data has gone: puts what follows it into the outbox, once; false where that has to wait for room. */
    abstract boolean finish() throws PosixException;

    /** All has left the outbox, too. */
    abstract void finished();

    /** Something arrived from its standard output. */
    abstract void take(ByteBuffer bytes);

    /** The outcome, if what has come by now decides it. A process that did well and runs is used again. */
    abstract @Nullable WorkerOutcome judge(long nowNanos) throws PosixException;

    /** The file ends here for good: tells the process, or has it ended. */
    public abstract void abandon(String reason) throws PosixException;

    /** The most that a pipe between here and the worker can hold. */
    public final int pipeBytes() {
        return intake.capacityBytes();
    }

    public final WorkerSpec spec() {
        return spec;
    }

    /** Whether it takes more bytes of the file. */
    public final boolean isStreaming() {
        return phase == Phase.STREAMING && !intake.isBroken();
    }

    /** Whether it needs the file no longer. */
    public final boolean isEndingOrOver() {
        return phase == Phase.ENDING || phase == Phase.OVER;
    }

    /**
     * Moves pages of the file into the pipe.
     *
     * @return bytes moved, {@link PipeWriter#FULL}, or 0 where the file has ended. EINVAL where pages of it cannot be
     *     moved: {@link #copy} can
     */
    public final long splice(OwnedFd file, ByteRange range) throws PosixException {
        long most = ready(range.lengthBytes());
        return most == 0 ? PipeWriter.FULL : gone(intake.splice(file, new ByteRange(range.offsetBytes(), most)));
    }

    /** Whether the last {@link #splice} has left no room in the pipe. */
    public final boolean isFull() {
        return intake.isFull();
    }

    /** Moves zeros: bytes moved, or {@link PipeWriter#FULL}. */
    public final long zeros(long lengthBytes) throws PosixException {
        long most = ready(lengthBytes);
        return most == 0 ? PipeWriter.FULL : gone(intake.zeros(most));
    }

    /** Moves a part of a buffer: bytes moved, or {@link PipeWriter#FULL}. */
    public final long copy(NativeBuffer buffer, int fromBytes, int lengthBytes) throws PosixException {
        long most = ready(lengthBytes);
        return most == 0 ? PipeWriter.FULL : gone(intake.write(buffer, fromBytes, (int) most));
    }

    /** Takes a copy of few bytes, room or not; they leave together with what surrounds them. */
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

    /** The file's bytes are all moved. */
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

    /** Whether all of the file, and what follows it, has left. */
    final boolean isInputComplete() {
        return inputComplete;
    }

    /** Bytes are about to come: from here on its time counts. */
    public final void start() {
        patience.start();
    }

    /** It is not the worker's fault that it has nothing to do. */
    public final void starved() {
        patience.renew();
    }

    /** For so long nobody wanted to give it anything; that is no part of its time. */
    public final void excuse(long nanos) {
        patience.excuse(nanos);
    }

    /** What is in that pipe, or before it, and was not taken. */
    public final int pendingBytes() throws PosixException {
        return intake.untakenBytes();
    }

    /** Whether the last {@link #happened} read something from its outputs. */
    public final boolean hasJustSpoken() {
        return said;
    }

    /** Adds what is to be polled; {@code wantsRoom}: there are bytes for it. */
    public final void addTo(List<Poll> polls, boolean wantsRoom) {
        if (phase != Phase.OVER) {
            boolean pads = spec.mode() == WorkerMode.PERSISTENT && phase == Phase.AWAITING && !inputComplete;
            child.addTo(polls, wantsRoom || pads || !intake.outbox().isEmpty());
        }
    }

    /** How long the poll may wait. */
    public final long nanosUntilDue() {
        long now = System.nanoTime();
        long due = phase == Phase.ENDING ? lateNanos() : patience.dueNanos();
        if (phase != Phase.ENDING && (patience.isBroken() || child.hasExited())) {
            due = now + DeliveryDeadlines.GRACE_NANOS / 20;
        }
        return Math.min(Math.max(0, due - now), child.nanosUntilLook());
    }

    /** Takes in what the poll saw, and what time it is. */
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
            patience.renew(); // it has taken all there was: others were slow
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

    /** {@code after 4096 of 8192 bytes}: how many of the file's it has taken, as far as the pipe tells. */
    String progress() throws PosixException {
        long taken = Math.max(0, sentBytes - intake.untakenBytes());
        return "after " + Math.min(taken, head.bytes()) + " of " + head.bytes() + " bytes";
    }

    /** Ends the process; the outcome will be of this kind. */
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
            over(outcome, false); // closing it waits a while longer, and then leaves it to the kernel
        }
    }

    /** When it should have ended: by what it was asked, then by what it was done. */
    private long lateNanos() {
        return killed
                ? killedNanos + DeliveryDeadlines.GRACE_NANOS
                : askedNanos + pool.stopTimeout().toNanos();
    }

    /** A number for a file that is used once only. */
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

    /** Empty until it is known, and the process is ended, or ready for another file. */
    public final Optional<WorkerOutcome> outcome() {
        return phase == Phase.OVER ? Optional.ofNullable(outcome) : Optional.empty();
    }

    /** Where there is no outcome yet, ends the process at once. */
    @Override
    public final void close() throws PosixException {
        if (phase != Phase.OVER) {
            over(null, false);
        }
    }
}
