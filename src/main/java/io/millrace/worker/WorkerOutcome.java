// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What became of one file at one worker.
 *
 * @param worker the worker's name
 * @param exitCode of a process that left by itself; none for persistent ones
 * @param output what a process a file wrote to its standard output, UTF-8 or U+FFFD; of a persistent one, the JSON of
 *     its result, empty where it gave none
 * @param reason what went wrong where the kind is not {@link Kind#DONE}, empty otherwise; may quote the worker as it
 *     spoke, control characters included
 * @param attempts how many processes were given the file, or could not be started for it
 */
public record WorkerOutcome(
        String worker, WorkerMode mode, Kind kind, OptionalInt exitCode, String output, String reason, int attempts) {

    /** In the words of the results: {@code closed-early}. */
    public enum Kind {
        /** All bytes were taken, and the worker says that all is well. */
        DONE(Blame.NOBODY),
        /** All is not well, says the worker: an exit code, or {@code "ok":false}. */
        FAILED(Blame.NOBODY),
        /** No process came to be. */
        NOT_STARTED(Blame.WORKER),
        /** It was killed, or a persistent one left. */
        CRASHED(Blame.WORKER),
        /** It took bytes or said things no longer, for the stall-timeout. */
        STALLED(Blame.WORKER),
        /** It was not done within the timeout. */
        TIMED_OUT(Blame.WORKER),
        /** It closed its standard input before the end, and lived on. */
        CLOSED_EARLY(Blame.WORKER),
        /** It left with exit code 0 before it had taken all. */
        ENDED_EARLY(Blame.WORKER),
        /** It broke the protocol. */
        GARBAGE(Blame.WORKER),
        /** It wrote more than its output-limit. */
        TOO_MUCH_OUTPUT(Blame.WORKER),
        /** It left, and a process of its own still held its output. */
        LEFT_BEHIND(Blame.NOBODY),
        /** It held up the other consumers, and was let go. */
        DETACHED(Blame.NOBODY),
        /** The file could not be read to its end. */
        ABANDONED(Blame.NOBODY),
        /** It failed too often of late to be tried. */
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

        /** Whether another process might do better, and whether it counts towards the quarantine. */
        public boolean isWorkersFault() {
            return blame == Blame.WORKER;
        }

        /** Whether the worker has not done the file, although that could be read and the scan was not stopped. */
        public boolean isFailure() {
            return this != DONE && this != ABANDONED && this != STOPPED;
        }

        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public boolean isDone() {
        return kind == Kind.DONE;
    }

    /** The same, with the attempts of an earlier outcome for the same file. */
    public WorkerOutcome after(WorkerOutcome earlier) {
        return new WorkerOutcome(worker, mode, kind, exitCode, output, reason, attempts + earlier.attempts());
    }

    /** Of a file that could not be read for this worker. */
    public static WorkerOutcome abandoned(WorkerSpec spec, String reason) {
        return without(spec, Kind.ABANDONED, reason);
    }

    /** One without a process; a start that failed counts as an attempt. */
    static WorkerOutcome without(WorkerSpec spec, Kind kind, String reason) {
        int attempts = kind == Kind.NOT_STARTED ? 1 : 0;
        return new WorkerOutcome(spec.name(), spec.mode(), kind, OptionalInt.empty(), "", reason, attempts);
    }

    /** For messages: {@code NAME: closed-early: why}; empty where all is well. */
    public Optional<String> complaint() {
        return isDone() ? Optional.empty() : Optional.of(worker + ": " + kind.label() + ": " + reason);
    }
}
