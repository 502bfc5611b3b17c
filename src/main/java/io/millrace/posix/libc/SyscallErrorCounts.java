// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import io.millrace.posix.Posix;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Counts the failed system calls of this process since it started, whoever made them and however they were handled: a
 * call that led to a fallback, and a look-up of a missing file, count as well. EINTR, EAGAIN of a non-blocking call,
 * and calls whose failure means "no" are not counted.
 *
 * <p>Static, as nothing else here, because the counts are those of the process: there is one kernel below all
 * instances of {@link Posix}, which are stateless, and descriptors and directories make calls without any of them. The
 * number of entries is bounded by the calls in this package times their errors, some hundreds at most. Any thread.
 */
public final class SyscallErrorCounts {
    private static final ConcurrentMap<Failure, LongAdder> COUNTS = new ConcurrentHashMap<>();

    private SyscallErrorCounts() {}

    /**
     * One kind of failure.
     *
     * @param call as {@link PosixException#call()} names it: a word of this program, never a user's
     * @param errno {@link Errno#UNKNOWN} for all numbers that are not in the table
     */
    public record Failure(String call, Errno errno) {
        // Written by hand: a record's generated methods are linked at the first call, which costs every start some 10
        // ms.

        @Override
        public int hashCode() {
            return 31 * call.hashCode() + errno.ordinal();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Failure that && call.equals(that.call) && errno == that.errno;
        }
    }

    /** Loads all classes that {@link #count} needs. */
    static void load() {
        COUNTS.remove(new Failure("", Errno.UNKNOWN));
    }

    static void count(String call, int number) {
        COUNTS.computeIfAbsent(new Failure(call, Errno.of(number)), failure -> new LongAdder())
                .increment();
    }

    /** Returns a copy of the counts. They never decrease. */
    public static Map<Failure, Long> snapshot() {
        return COUNTS.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entry -> entry.getValue().sum()));
    }
}
