// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.posix.libc.PosixException;
import io.millrace.worker.Protocol.Answer;
import io.millrace.worker.WorkerOutcome.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Delivers several small files by {@link Protocol} 1 back to back, without waiting for the answers in between: with
 * small files most of the cost is waking up the other process. If the batch fails, the failure is attributed to the
 * first file without an answer; the files behind it count as never tried. One thread, which closes it.
 */
public final class BatchDelivery extends ProtocolDelivery {
    private record Posted(long id, FileHeader head, long endBytes) {}

    private final Deque<Posted> unanswered = new ArrayDeque<>();
    private final Map<FileHeader, WorkerOutcome> outcomes = new IdentityHashMap<>();
    private long postedBytes;
    private long takenBytes;

    BatchDelivery(WorkerPool pool, WorkerSpec spec, FileHeader first, Child child) {
        super(pool, spec, first, child);
    }

    /** Adds a whole file. Bytes that the pipe does not take are buffered and written later. */
    public void post(FileHeader file, ByteBuffer content) throws PosixException {
        long id = nextId();
        byte[] header = Protocol.header(id, file);
        int before = child.intake().outbox().sizeBytes();
        child.intake().outbox().add(header);
        if (content.hasRemaining()) {
            child.intake().outbox().add(content.remaining());
            child.intake().outbox().add(content);
        }
        child.intake().outbox().add(Protocol.END);
        postedBytes += child.intake().outbox().sizeBytes() - before;
        unanswered.add(new Posted(id, file, postedBytes));
        var unused = flush();
    }

    /** Returns the outcome of a posted file; empty if it was never tried. Valid once there is an {@link #outcome}. */
    public Optional<WorkerOutcome> outcomeOf(FileHeader file) {
        Posted next = unanswered.peek();
        return next != null && next.head() == file ? outcome() : Optional.ofNullable(outcomes.get(file));
    }

    @Override
    long open(long lengthBytes) {
        throw new IllegalStateException("a batch takes whole files");
    }

    @Override
    void moved(long bytes) {}

    @Override
    boolean finish() {
        return true;
    }

    @Override
    void finished() {}

    @Override
    public void abandon(String reason) throws PosixException {
        end(Kind.ABANDONED, reason);
    }

    @Override
    @Nullable WorkerOutcome judge(Answer answer) throws PosixException {
        Posted next = unanswered.peek();
        if (next == null) {
            return bad(Kind.GARBAGE, "answered more than once");
        }
        if (answer.id() != next.id()) {
            return wrongId(answer, next.id());
        }
        if (takenBytes < next.endBytes()) {
            takenBytes = postedBytes - child.intake().untakenBytes();
        }
        if (takenBytes < next.endBytes()) {
            return bad(Kind.GARBAGE, "answered before it had all of the file");
        }
        unanswered.remove();
        outcomes.put(next.head(), answered(answer));
        return null;
    }

    @Override
    @Nullable WorkerOutcome judgeState() {
        if (!unanswered.isEmpty() || !isInputComplete()) {
            return null;
        }
        return saysMore() ? bad(Kind.GARBAGE, "answered more than once") : bad(Kind.DONE, "");
    }

    @Override
    String progress() {
        return "in the middle of a file";
    }
}
