// SPDX-License-Identifier: Apache-2.0
package io.millrace.lifecycle;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What has to be done before this process ends, whichever way it ends: {@link System#exit} of any thread, the end of
 * {@code main}, or a signal that comes a second time. What ends a process without a word (SIGKILL, abort(3) of the JVM)
 * leaves it undone. Static, because a process ends once. Any thread; actions run once, in the order in which they came,
 * must not wait for anything without limit, and are not called again.
 */
public final class ExitActions {
    private static final List<Runnable> ACTIONS = new CopyOnWriteArrayList<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(ExitActions::run, "millrace-exit"));
    }

    private ExitActions() {}

    /** Adds one that is called however the process ends from here on. */
    public static void add(Runnable action) {
        ACTIONS.add(action);
    }

    /** Calls what has not been called yet: before an end that runs no shutdown hooks. */
    public static synchronized void run() {
        for (Runnable action : ACTIONS) {
            ACTIONS.remove(action);
            try {
                action.run();
            } catch (Throwable e) { // the next one, and the end, come all the same
                e.printStackTrace();
            }
        }
    }
}
