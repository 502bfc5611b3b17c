// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import java.util.Optional;
import java.util.Set;

/** Determines whether another thread is inside a call of this package, for watchdogs. Stateless; any thread. */
public final class NativeCall {
    /** Functions whose purpose is to wait, and which end at their time-out. */
    private static final Set<String> WAITING = Set.of("poll", "waitid");

    private NativeCall() {}

    /**
     * Returns the function of the C library that a thread is in at this moment, such as {@code pread}; empty if it is
     * in none, or in one whose purpose is to wait. For a call by syscall(2) it returns this package's name for it.
     * Walks the thread's stack, which takes some microseconds and does not disturb the thread.
     */
    public static Optional<String> of(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        if (stack.length < 2
                || !stack[0].isNativeMethod()
                || !stack[0].getClassName().equals(LibC.class.getName())) {
            return Optional.empty();
        }
        String function = stack[0].getMethodName();
        return WAITING.contains(function)
                ? Optional.empty()
                : Optional.of(function.equals("syscall") ? caller(stack[1].getMethodName()) : function);
    }

    /** Calls are made in lambda expressions, which javac names {@code lambda$METHOD$NUMBER}. */
    private static String caller(String method) {
        String[] parts = method.split("\\$");
        return parts.length == 3 ? parts[1] : method;
    }
}
