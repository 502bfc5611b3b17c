// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.files.PipeWriter;
import io.millrace.posix.libc.PosixException;
import io.millrace.worker.Protocol.Answer;
import io.millrace.worker.WorkerOutcome.Kind;
import org.jspecify.annotations.Nullable;

/** Delivers one file by {@link Protocol} 1 to a process that stays. One thread, which closes it. */
final class PersistentDelivery extends ProtocolDelivery {
    private final long id;
    private long chunkLeftBytes;
    private boolean endIsOut;
    private @Nullable String abandonment;

    PersistentDelivery(WorkerPool pool, WorkerSpec spec, FileHeader head, Child child) {
        super(pool, spec, head, child);
        this.id = nextId();
        child.intake().outbox().add(Protocol.header(id, head));
    }

    @Override
    long open(long lengthBytes) {
        if (chunkLeftBytes == 0) {
            chunkLeftBytes = Math.min(lengthBytes, Protocol.MAX_CHUNK_BYTES);
            child.intake().outbox().add((int) chunkLeftBytes);
        }
        return Math.min(lengthBytes, chunkLeftBytes);
    }

    @Override
    void moved(long bytes) {
        chunkLeftBytes -= bytes;
    }

    /** Pads a chunk that was announced and cannot be completed, so that the worker finds the end mark behind it. */
    @Override
    boolean finish() throws PosixException {
        while (chunkLeftBytes > 0) {
            var unused = child.intake().flush();
            long moved = child.intake().outbox().isEmpty() ? child.intake().zeros(chunkLeftBytes) : PipeWriter.FULL;
            if (moved == PipeWriter.FULL) {
                return false;
            }
            chunkLeftBytes -= moved;
        }
        if (!endIsOut) {
            endIsOut = true;
            child.intake().outbox().add(abandonment == null ? Protocol.END : Protocol.ABANDONED);
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
            end(Kind.ABANDONED, reason); // it may answer at any moment, or may have stopped reading
            return;
        }
        abandonment = reason;
        end();
    }

    @Override
    @Nullable WorkerOutcome judge(Answer answer) throws PosixException {
        if (answer.id() != id) {
            return wrongId(answer, id);
        }
        if (saysMore()) {
            return bad(Kind.GARBAGE, "answered more than once");
        }
        if (!isInputComplete() || child.intake().unreadBytes() > 0) {
            return bad(Kind.GARBAGE, "answered " + progress());
        }
        return answered(answer);
    }

    @Override
    @Nullable WorkerOutcome judgeState() {
        return abandonment != null && isInputComplete() ? bad(Kind.ABANDONED, abandonment) : null;
    }
}
