// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.posix.ExitStatus;
import io.millrace.posix.libc.PosixException;
import io.millrace.worker.WorkerOutcome.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Delivers the raw bytes of a file to a process that answers with its exit code. Stdin is closed only after all bytes
 * were written: the process of an abandoned file is terminated while its stdin is still open. One thread, which closes
 * it.
 */
final class PerFileDelivery extends Delivery {
    /** How long to wait after the process has exited while another process holds its output; renewed by each output. */
    private static final long LINGER_NANOS = 200_000_000;

    private static final long LONGEST_LINGER_NANOS = 2_000_000_000;

    private static final long NOT_YET = Long.MAX_VALUE;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private boolean tooMuch;
    private long exitedNanos = NOT_YET;

    PerFileDelivery(WorkerPool pool, WorkerSpec spec, FileHeader head, Child child) {
        super(pool, spec, head, child);
    }

    @Override
    long open(long lengthBytes) {
        return lengthBytes;
    }

    @Override
    void moved(long bytes) {}

    @Override
    boolean finish() throws PosixException {
        return child.intake().canCountUnread();
    }

    @Override
    void finished() {
        child.intake().end();
    }

    @Override
    void take(ByteBuffer bytes) {
        int kept = Math.min(bytes.remaining(), spec.limits().outputBytes() - output.size());
        tooMuch |= kept < bytes.remaining();
        byte[] part = new byte[kept];
        bytes.get(part);
        output.writeBytes(part);
    }

    @Override
    public void abandon(String reason) throws PosixException {
        end(Kind.ABANDONED, reason);
    }

    @Override
    @Nullable WorkerOutcome judge(long nowNanos) throws PosixException {
        if (tooMuch) {
            int limit = spec.limits().outputBytes();
            return outcome(Kind.TOO_MUCH_OUTPUT, OptionalInt.empty(), text(), "wrote more than " + limit + " bytes");
        }
        if (!child.hasExited()) {
            return null;
        }
        exitedNanos = Math.min(exitedNanos, nowNanos);
        boolean heldOpen = !child.hasClosedAll();
        long linger = hasJustSpoken() ? LONGEST_LINGER_NANOS : LINGER_NANOS;
        if (heldOpen && nowNanos - exitedNanos < linger) {
            return null;
        }
        boolean tookAll = isInputComplete() && child.intake().unreadBytes() == 0;
        String progress = progress();
        Optional<ExitStatus> ended = child.reap();
        if (ended.isEmpty()) {
            return null;
        }
        ExitStatus status = ended.get();
        if (status.signalled()) {
            return outcome(Kind.CRASHED, OptionalInt.empty(), text(), status.message() + " " + progress);
        }
        var exitCode = OptionalInt.of(status.number());
        if (!status.isSuccess()) {
            return outcome(Kind.FAILED, exitCode, text(), status.message() + (tookAll ? "" : " " + progress));
        }
        if (!tookAll) {
            return outcome(Kind.ENDED_EARLY, exitCode, text(), "exited with code 0 " + progress);
        }
        return heldOpen
                ? outcome(Kind.LEFT_BEHIND, exitCode, text(), "left a child process that holds its output open")
                : outcome(Kind.DONE, exitCode, text(), "");
    }

    private String text() {
        return output.toString(StandardCharsets.UTF_8);
    }
}
