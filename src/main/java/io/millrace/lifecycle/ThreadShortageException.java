// SPDX-License-Identifier: Apache-2.0
package io.millrace.lifecycle;

/**
 * No thread could be created: a limit of processes (RLIMIT_NPROC of the user, pids.max of the cgroup) or of memory is
 * reached. pthread_create(3) returns EAGAIN; the JVM converts it to an {@link OutOfMemoryError}, although the heap has
 * room. The caller can try again later.
 */
public final class ThreadShortageException extends IllegalStateException {
    private static final long serialVersionUID = 1L;
    private static final String OF_THE_JVM = "unable to create native thread";

    private ThreadShortageException(String name, OutOfMemoryError cause) {
        super(message(name), cause);
    }

    /** Returns one line: what could not be started, and why. */
    public static String message(String name) {
        return "cannot start thread " + name
                + ": Resource temporarily unavailable (EAGAIN): the limit of processes (RLIMIT_NPROC, pids.max) is reached";
    }

    /** Whether an error means that no thread could be created, and not that memory is exhausted. */
    public static boolean isCauseOf(Throwable e) {
        return e instanceof OutOfMemoryError && String.valueOf(e.getMessage()).startsWith(OF_THE_JVM);
    }

    /** Starts a thread, or throws this exception. */
    public static void start(Thread thread) {
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            if (isCauseOf(e)) {
                throw new ThreadShortageException(thread.getName(), e);
            }
            throw e;
        }
    }

    /** Starts an optional thread; returns whether it runs. */
    public static boolean tryStart(Thread thread) {
        try {
            start(thread);
            return true;
        } catch (ThreadShortageException e) {
            return false;
        }
    }
}
