// SPDX-License-Identifier: Apache-2.0
package io.millrace.lifecycle;

/**
 * The system has no thread for something: a limit of processes (RLIMIT_NPROC of the user, pids.max of the cgroup) or of
 * memory is reached. pthread_create(3) says EAGAIN; the JVM makes an {@link OutOfMemoryError} of it, with a heap that has
 * room. What was to be started can be tried again later.
 */
public final class ThreadShortageException extends IllegalStateException {
    private static final long serialVersionUID = 1L;
    private static final String OF_THE_JVM = "unable to create native thread";

    private ThreadShortageException(String name, OutOfMemoryError cause) {
        super(message(name), cause);
    }

    /** One line: what could not be started, and why. */
    public static String message(String name) {
        return "cannot start thread " + name
                + ": Resource temporarily unavailable (EAGAIN): the limit of processes (RLIMIT_NPROC, pids.max) is reached";
    }

    /** Whether an error is that of a thread that could not be had, and not of memory. */
    public static boolean isCauseOf(Throwable e) {
        return e instanceof OutOfMemoryError && String.valueOf(e.getMessage()).startsWith(OF_THE_JVM);
    }

    /** Starts a thread, or throws this. */
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

    /** Starts a thread that can be done without: whether it runs. */
    public static boolean tryStart(Thread thread) {
        try {
            start(thread);
            return true;
        } catch (ThreadShortageException e) {
            return false;
        }
    }
}
