// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.posix.PosixException;
import io.millrace.worker.Outcome.Kind;
import io.millrace.worker.Protocol.Answer;
import io.millrace.worker.Protocol.GarbageException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A file by {@link Protocol} 1, to a process that stays. */
final class PersistentDelivery extends Delivery {
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final long id;
    private long chunkLeftBytes;
    private boolean endIsOut;
    private @Nullable String abandonment;
    private boolean answered;
    private boolean saidMore;
    private long silencedNanos = Long.MAX_VALUE;

    /** {@code id}: never used twice in one process. */
    PersistentDelivery(WorkerPool pool, WorkerSpec spec, FileHead head, Child child, long id) {
        super(pool, spec, head, child);
        this.id = id;
        child.outbox().add(Protocol.header(id, head));
    }

    @Override
    long open(long lengthBytes) {
        if (chunkLeftBytes == 0) {
            chunkLeftBytes = Math.min(lengthBytes, Protocol.MOST_CHUNK_BYTES);
            child.outbox().add((int) chunkLeftBytes);
        }
        return Math.min(lengthBytes, chunkLeftBytes);
    }

    @Override
    void moved(long bytes) {
        chunkLeftBytes -= bytes;
    }

    /** A chunk that was announced and will not come is filled up, so that the worker finds the mark behind it. */
    @Override
    boolean finish() throws PosixException {
        while (chunkLeftBytes > 0) {
            var unused = child.flush();
            long moved = child.outbox().isEmpty() ? child.zeros(chunkLeftBytes) : Channel.FULL;
            if (moved == Channel.FULL) {
                return false;
            }
            chunkLeftBytes -= moved;
        }
        if (!endIsOut) {
            endIsOut = true;
            child.outbox().add(abandonment == null ? Protocol.END : Protocol.ABANDONED);
        }
        return true;
    }

    @Override
    void finished() {
        if (abandonment != null) {
            child.abandoned(id);
        }
    }

    @Override
    public void abandon(String reason) throws PosixException {
        if (!isStreaming()) {
            end(Kind.ABANDONED, reason); // it may answer any moment, or hear nothing any more
            return;
        }
        abandonment = reason;
        end();
    }

    @Override
    void take(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            byte b = bytes.get();
            if (answered) {
                saidMore = true;
            } else if (b == '\n') {
                answered = true;
            } else if (line.size() <= spec.limits().outputBytes()) {
                line.write(b);
            }
        }
    }

    @Override
    @Nullable Outcome judge(long nowNanos) throws PosixException {
        if (line.size() > spec.limits().outputBytes()) {
            return bad(
                    Kind.TOO_MUCH_OUTPUT, "answered more than " + spec.limits().outputBytes() + " bytes");
        }
        if (answered) {
            return judgeAnswer();
        }
        if (child.hasExited()) {
            String progress = progress();
            return child.reap()
                    .map(status -> bad(Kind.CRASHED, status.words() + " " + progress))
                    .orElse(null);
        }
        if (child.hasClosedOutput()) {
            silencedNanos = Math.min(silencedNanos, nowNanos);
            if (nowNanos - silencedNanos > GRACE_NANOS) { // or it is about to exit, which says more
                return bad(Kind.GARBAGE, "closed its standard output");
            }
        }
        return abandonment != null && isInputComplete() ? bad(Kind.ABANDONED, abandonment) : null;
    }

    private @Nullable Outcome judgeAnswer() throws PosixException {
        Answer answer;
        try {
            answer = Protocol.answer(line.toByteArray());
        } catch (GarbageException e) {
            return bad(Kind.GARBAGE, String.valueOf(e.getMessage()));
        }
        if (child.wasAbandoned(answer.id())) {
            line.reset();
            answered = saidMore;
            return answered ? bad(Kind.GARBAGE, "answered more than once") : null;
        }
        if (answer.id() != id) {
            return bad(Kind.GARBAGE, "answered for file " + answer.id() + " instead of " + id);
        }
        if (saidMore) {
            return bad(Kind.GARBAGE, "answered more than once");
        }
        if (!isInputComplete() || child.unreadBytes() > 0) {
            return bad(Kind.GARBAGE, "answered " + progress());
        }
        return answer.ok()
                ? outcome(Kind.DONE, OptionalInt.empty(), answer.result(), "")
                : outcome(
                        Kind.FAILED,
                        OptionalInt.empty(),
                        answer.result(),
                        answer.error().isEmpty() ? "says that it failed" : answer.error());
    }

    private Outcome bad(Kind kind, String reason) {
        return outcome(kind, OptionalInt.empty(), "", reason);
    }
}
