// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * System calls that this kernel does not have, or that a filter (seccomp(2)) forbids, and what is done instead. Each call
 * is reported once in the life of the process, as one line: what the program does from then on is slower or less exact.
 *
 * <p>Static as {@link SyscallErrorCounts} is, and for the same reason. Any thread.
 */
public final class Fallbacks {
    private static final Set<String> REPORTED = new HashSet<>();

    /** Lines from before anybody listened. */
    private static final List<String> PENDING = new ArrayList<>();

    private static Consumer<String> listener = PENDING::add;

    private Fallbacks() {}

    /** Who gets the lines from now on, and those that came before; called by the thread that made the call. */
    public static synchronized void onUse(Consumer<String> consumer) {
        listener = consumer;
        PENDING.forEach(consumer);
        PENDING.clear();
    }

    /** Whether the kernel, or a filter of system calls, refused the call itself: ENOSYS, or EPERM. */
    public static boolean isRefused(PosixException e) {
        return e.is(Errno.ENOSYS) || e.is(Errno.EPERM);
    }

    /** As {@link #use}, of something other than a call: {@code what} is missing, once for each. */
    public static synchronized void useWithout(String what, String instead) {
        if (REPORTED.add(what)) {
            listener.accept(what + ": " + instead);
        }
    }

    /** {@code instead}: what is done, as the rest of a sentence: "workers' exits are looked for every 20 ms". */
    public static synchronized void use(PosixException refused, String instead) {
        if (REPORTED.add(refused.call())) {
            Errno errno = refused.errno();
            listener.accept(refused.call() + ": " + errno.message() + " (" + errno + "): " + instead);
        }
    }
}
