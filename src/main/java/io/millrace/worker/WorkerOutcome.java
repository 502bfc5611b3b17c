// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.units.EnumLabels;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The outcome of one file at one worker.
 *
 * @param worker the worker's name
 * @param exitCode of a process that exited by itself; empty for persistent workers
 * @param output standard output of a per-file process, UTF-8 or U+FFFD; for a persistent worker the JSON of its
 *     result, empty if it sent none
 * @param reason what went wrong if the kind is not {@link Kind#DONE}, empty otherwise; may quote the worker verbatim,
 *     control characters included
 * @param attempts number of processes that were given the file or could not be started for it
 */
public record WorkerOutcome(
        String worker, WorkerMode mode, Kind kind, OptionalInt exitCode, String output, String reason, int attempts) {

    /** The kind of an outcome; its label in the results is of the form {@code closed-early}. */
    public enum Kind {
        /** The worker read all bytes and reported success. */
        DONE(Blame.NOBODY),
        /** The worker reported failure: an exit code, or {@code "ok":false}. */
        FAILED(Blame.NOBODY),
        /** No process could be started. */
        NOT_STARTED(Blame.WORKER),
        /** The process was killed, or a persistent one exited. */
        CRASHED(Blame.WORKER),
        /** The process neither read nor wrote anything for the stall-timeout. */
        STALLED(Blame.WORKER),
        /** The file was not finished within the timeout. */
        TIMED_OUT(Blame.WORKER),
        /** The process closed its standard input early and kept running. */
        CLOSED_EARLY(Blame.WORKER),
        /** The process exited with code 0 before it had read all bytes. */
        ENDED_EARLY(Blame.WORKER),
        /** The process broke the protocol. */
        GARBAGE(Blame.WORKER),
        /** The process wrote more than its output-limit. */
        TOO_MUCH_OUTPUT(Blame.WORKER),
        /** The process exited while one of its own children still held its output. */
        LEFT_BEHIND(Blame.NOBODY),
        /** The process delayed the other consumers and was detached. */
        DETACHED(Blame.NOBODY),
        /** The file could not be read to its end. */
        ABANDONED(Blame.NOBODY),
        /** The worker is quarantined after too many recent failures. */
        QUARANTINED(Blame.NOBODY),
        /** The scan was stopped. */
        STOPPED(Blame.NOBODY);

        private enum Blame {
            WORKER,
            NOBODY
        }

        private final Blame blame;

        Kind(Blame blame) {
            this.blame = blame;
        }

        /** Whether another process may succeed, and whether it counts towards the quarantine. */
        public boolean isWorkersFault() {
            return blame == Blame.WORKER;
        }

        /** Whether the worker did not complete the file, although it could be read and the scan was not stopped. */
        public boolean isFailure() {
            return this != DONE && this != ABANDONED && this != STOPPED;
        }

        public String label() {
            return EnumLabels.of(this);
        }
    }

    public boolean isDone() {
        return kind == Kind.DONE;
    }

    /** Returns this outcome with the attempts of an earlier outcome for the same file added. */
    public WorkerOutcome after(WorkerOutcome earlier) {
        return new WorkerOutcome(worker, mode, kind, exitCode, output, reason, attempts + earlier.attempts());
    }

    /** The outcome of a file that could not be read for this worker. */
    public static WorkerOutcome abandoned(WorkerSpec spec, String reason) {
        return without(spec, Kind.ABANDONED, reason);
    }

    /** An outcome without a process; a failed start counts as an attempt. */
    static WorkerOutcome without(WorkerSpec spec, Kind kind, String reason) {
        int attempts = kind == Kind.NOT_STARTED ? 1 : 0;
        return new WorkerOutcome(spec.name(), spec.mode(), kind, OptionalInt.empty(), "", reason, attempts);
    }

    /** Returns the message {@code NAME: closed-early: why}; empty after success. */
    public Optional<String> complaint() {
        return isDone() ? Optional.empty() : Optional.of(worker + ": " + kind.label() + ": " + reason);
    }
}
