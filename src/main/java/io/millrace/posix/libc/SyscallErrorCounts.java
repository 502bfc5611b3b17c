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
 * How often system calls of this process failed since it started, whoever made them and whatever became of it: a
 * fallback that took over, and a look for what is not there, count as well. EINTR, and EAGAIN where a call that does not
 * wait would have had to, are no failures; nor are questions that are answered with yes or no.
 *
 * <p>Static, where nothing else here is, because what it counts is the process's: there is one kernel below all instances
 * of {@link Posix}, which are stateless, and descriptors close and directories list without any of them. As many entries
 * as there are calls in this package times errors that they met, which is some hundreds at the very most. Any thread.
 */
public final class SyscallErrorCounts {
    private static final ConcurrentMap<Failure, LongAdder> COUNTS = new ConcurrentHashMap<>();

    private SyscallErrorCounts() {}

    /**
     * One way to fail.
     *
     * @param call as {@link PosixException#call()} names it: a word of this program's, never a user's
     * @param errno {@link Errno#UNKNOWN} for all numbers that the table lacks
     */
    public record Failure(String call, Errno errno) {
        // By hand: a record's own are linked at the first call, which every start would pay for with some 10 ms.

        @Override
        public int hashCode() {
            return 31 * call.hashCode() + errno.ordinal();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Failure that && call.equals(that.call) && errno == that.errno;
        }
    }

    /** Loads all that {@link #count} needs. */
    static void load() {
        COUNTS.remove(new Failure("", Errno.UNKNOWN));
    }

    static void count(String call, int number) {
        COUNTS.computeIfAbsent(new Failure(call, Errno.of(number)), failure -> new LongAdder())
                .increment();
    }

    /** The counts by now; a copy. They only ever grow. */
    public static Map<Failure, Long> snapshot() {
        return COUNTS.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entry -> entry.getValue().sum()));
    }
}
