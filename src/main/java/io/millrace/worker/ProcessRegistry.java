// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which processes of a worker there are, which of them wait for files, and which are of a former generation. Any thread. */
final class ProcessRegistry {
    @GuardedBy("this") private final Deque<Child> idle = new ArrayDeque<>();

    /** All that are not ended, and which generation it was when they were started. */
    @GuardedBy("this") private final Map<Child, Long> running = new IdentityHashMap<>();

    /** How often a restart was asked for. */
    @GuardedBy("this") private long generation;

    synchronized long generation() {
        return generation;
    }

    /** {@code since}: the generation before it was started. */
    synchronized void add(Child child, long since) {
        running.put(child, since);
    }

    /** Takes one that waits for files, the last that began to. */
    synchronized @Nullable Child takeIdle() {
        return idle.poll();
    }

    synchronized List<Child> takeAllIdle() {
        List<Child> all = List.copyOf(idle);
        idle.clear();
        return all;
    }

    /** Has it wait for files, unless it is of a former generation. */
    synchronized boolean keeps(Child child) {
        boolean current = Long.valueOf(generation).equals(running.get(child));
        if (current) {
            idle.push(child);
        }
        return current;
    }

    /** A new generation begins; gives those of the former that wait for files. */
    synchronized List<Child> renew() {
        generation++;
        return takeAllIdle();
    }

    /** They are ended. */
    synchronized void remove(List<Child> children) {
        children.forEach(running::remove);
    }

    synchronized int processes() {
        return running.size();
    }

    synchronized int waiting() {
        return idle.size();
    }
}
