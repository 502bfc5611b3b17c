// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.posix.libc.PosixException;
import io.millrace.worker.Protocol.Answer;
import io.millrace.worker.Protocol.GarbageException;
import io.millrace.worker.WorkerOutcome.Kind;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A delivery by {@link Protocol} 1: parses the answers, and fails a process that breaks the protocol. */
abstract sealed class ProtocolDelivery extends Delivery permits PersistentDelivery, BatchDelivery {
    private final LineSplitter answers;
    private long silencedNanos = Long.MAX_VALUE;

    ProtocolDelivery(WorkerPool pool, WorkerSpec spec, FileHeader head, Child child) {
        super(pool, spec, head, child);
        this.answers = new LineSplitter(spec.limits().outputBytes());
    }

    /** Returns the outcome if this answer decides it. */
    abstract @Nullable WorkerOutcome judge(Answer answer) throws PosixException;

    /** Returns the outcome if no answer is outstanding. */
    abstract @Nullable WorkerOutcome judgeState();

    /** Whether the process wrote more than was requested. */
    final boolean saysMore() {
        return answers.hasMore();
    }

    @Override
    final void take(ByteBuffer bytes) {
        answers.take(bytes);
    }

    @Override
    final @Nullable WorkerOutcome judge(long nowNanos) throws PosixException {
        for (byte[] line = answers.next(); line != null; line = answers.next()) {
            WorkerOutcome judged = judge(line);
            if (judged != null) {
                return judged;
            }
        }
        if (answers.isTooLong()) {
            return bad(
                    Kind.TOO_MUCH_OUTPUT, "answered more than " + spec.limits().outputBytes() + " bytes");
        }
        WorkerOutcome state = judgeState();
        return state == null ? judgeProcess(nowNanos) : state;
    }

    private @Nullable WorkerOutcome judge(byte[] line) throws PosixException {
        Answer answer;
        try {
            answer = Protocol.answer(line);
        } catch (GarbageException e) {
            return bad(Kind.GARBAGE, String.valueOf(e.getMessage()));
        }
        return child.wasAbandoned(answer.id()) ? null : judge(answer);
    }

    private @Nullable WorkerOutcome judgeProcess(long nowNanos) throws PosixException {
        if (child.hasExited()) {
            String progress = progress();
            return child.reap()
                    .map(status -> bad(Kind.CRASHED, status.message() + " " + progress))
                    .orElse(null);
        }
        if (child.hasClosedOutput()) {
            silencedNanos = Math.min(silencedNanos, nowNanos);
            if (nowNanos - silencedNanos > DeliveryDeadlines.GRACE_NANOS) { // else the exit status may tell more
                return bad(Kind.GARBAGE, "closed its standard output");
            }
        }
        return null;
    }

    /** Converts an answer for the requested file to an outcome. */
    final WorkerOutcome answered(Answer answer) {
        String reason = answer.ok() ? "" : answer.error().isEmpty() ? "reported a failure" : answer.error();
        return outcome(answer.ok() ? Kind.DONE : Kind.FAILED, OptionalInt.empty(), answer.result(), reason);
    }

    final WorkerOutcome bad(Kind kind, String reason) {
        return outcome(kind, OptionalInt.empty(), "", reason);
    }

    final WorkerOutcome wrongId(Answer answer, long expected) {
        return bad(Kind.GARBAGE, "answered for file " + answer.id() + " instead of " + expected);
    }
}
