// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reports system calls that this kernel does not have, or that a seccomp filter (seccomp(2)) forbids, and their
 * fallbacks. Each call is reported once in the life of the process, as one line, because the fallback is slower or
 * less exact.
 *
 * <p>Static as {@link SyscallErrorCounts} is, and for the same reason. Any thread.
 */
public final class Fallbacks {
    private static final Set<String> REPORTED = new HashSet<>();

    /** Lines that were reported before there was a consumer. */
    private static final List<String> PENDING = new ArrayList<>();

    private static Consumer<String> listener = PENDING::add;

    private Fallbacks() {}

    /**
     * Sets the consumer of the lines, and passes on the pending ones; it is called by the thread that made the system
     * call.
     */
    public static synchronized void onUse(Consumer<String> consumer) {
        listener = consumer;
        PENDING.forEach(consumer);
        PENDING.clear();
    }

    /** Whether the kernel or a seccomp filter refused the call itself: ENOSYS, or EPERM. */
    public static boolean isRefused(PosixException e) {
        return e.is(Errno.ENOSYS) || e.is(Errno.EPERM);
    }

    /** Like {@link #use}, for something other than a call: {@code what} is missing; reported once for each. */
    public static synchronized void useWithout(String what, String instead) {
        if (REPORTED.add(what)) {
            listener.accept(what + ": " + instead);
        }
    }

    /** {@code instead}: the fallback, as the rest of a sentence: "workers' exits are looked for every 20 ms". */
    public static synchronized void use(PosixException refused, String instead) {
        if (REPORTED.add(refused.call())) {
            Errno errno = refused.errno();
            listener.accept(refused.call() + ": " + errno.message() + " (" + errno + "): " + instead);
        }
    }
}
