// SPDX-License-Identifier: Apache-2.0
package io.millrace.lifecycle;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Actions that must run before this process exits, whichever way: {@link System#exit} of any thread, the end of
 * {@code main}, or a signal that comes a second time. SIGKILL and an abort(3) of the JVM skip them. Static, because a
 * process ends once. Any thread; actions run once, in the order in which they were added, and must not block without a
 * limit.
 */
public final class ExitActions {
    private static final List<Runnable> ACTIONS = new CopyOnWriteArrayList<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(ExitActions::run, "millrace-exit"));
    }

    private ExitActions() {}

    /** Adds an action. */
    public static void add(Runnable action) {
        ACTIONS.add(action);
    }

    /** Runs the actions that have not run yet: called before an exit that runs no shutdown hooks. */
    public static synchronized void run() {
        for (Runnable action : ACTIONS) {
            ACTIONS.remove(action);
            try {
                action.run();
            } catch (Throwable e) { // the next action and the exit must follow all the same
                e.printStackTrace();
            }
        }
    }
}
