// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Registers the processes of one worker: which run, which are idle, and which belong to a former generation. Any
 * thread.
 */
final class ProcessRegistry {
    @GuardedBy("this") private final Deque<Child> idle = new ArrayDeque<>();

    /** All running processes, with the generation in which each was started. */
    @GuardedBy("this") private final Map<Child, Long> running = new IdentityHashMap<>();

    /** Number of restarts that were requested. */
    @GuardedBy("this") private long generation;

    synchronized long generation() {
        return generation;
    }

    /** {@code since}: the generation that was current before the process was started. */
    synchronized void add(Child child, long since) {
        running.put(child, since);
    }

    /** Takes the idle process that became idle last. */
    synchronized @Nullable Child takeIdle() {
        return idle.poll();
    }

    synchronized List<Child> takeAllIdle() {
        List<Child> all = List.copyOf(idle);
        idle.clear();
        return all;
    }

    /** Marks the process as idle, unless it belongs to a former generation; returns whether it did. */
    synchronized boolean keeps(Child child) {
        boolean current = Long.valueOf(generation).equals(running.get(child));
        if (current) {
            idle.push(child);
        }
        return current;
    }

    /** Starts a new generation and returns the idle processes of the former one. */
    synchronized List<Child> renew() {
        generation++;
        return takeAllIdle();
    }

    /** Removes processes that have ended. */
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
