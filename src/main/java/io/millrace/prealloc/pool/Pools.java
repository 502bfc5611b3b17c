// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.files.Roots;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.UnknownName;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;

/**
 * All pools of a service, each kept by a thread of its own. Any thread.
 *
 * <p>Every method that takes the name of a pool throws {@link IllegalArgumentException} where there is none.
 */
public final class Pools implements AutoCloseable {
    /** For all of them together. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Posix posix;
    private final BytePath state;
    private final PoolListener listener;
    private final NavigableMap<String, PoolKeeper> keepers = new ConcurrentSkipListMap<>();

    /** Were asked to end and stand in a call into the kernel that does not return. */
    @GuardedBy("this") private final List<PoolKeeper> leftBehind = new ArrayList<>();

    /**
     * @param state a directory for what has to outlive the process: for each pool a file of its name, with the next number
     *     of its files' names; exists, and nobody else uses it meanwhile
     */
    public Pools(Posix posix, BytePath state, PoolListener listener) {
        this.posix = posix;
        this.state = state;
        this.listener = listener;
    }

    /**
     * Makes these the pools: keeps what did not change, changes, adds, and lets go of the rest (their files stay). No
     * two of them have the same name, or directories of which one holds the other. Waits for what ends, as {@link
     * #close} does.
     */
    public synchronized void apply(Collection<PoolSpec> specs) {
        Map<String, PoolSpec> wanted = new HashMap<>();
        specs.forEach(spec -> wanted.put(spec.name(), spec));
        Map<String, PoolKeeper> replaced = new HashMap<>();
        List<PoolKeeper> leaving = new ArrayList<>();
        for (PoolKeeper keeper : keepers.values()) {
            PoolSpec spec = wanted.get(keeper.spec().name());
            if (spec == null || isOver(keeper, spec)) {
                leaving.add(keeper);
                replaced.put(keeper.spec().name(), keeper);
            } else if (!spec.equals(keeper.spec())) {
                keeper.respec(spec);
            }
        }
        end(leaving);
        leftBehind.removeIf(PoolKeeper::hasEnded);
        for (PoolKeeper keeper : leaving) {
            leftBehind.add(keeper);
            if (!wanted.containsKey(keeper.spec().name())) {
                keepers.remove(keeper.spec().name());
            }
        }
        for (PoolSpec spec : wanted.values()) {
            PoolKeeper before = replaced.get(spec.name());
            if (before != null || !keepers.containsKey(spec.name())) {
                PoolTotals counted = before == null ? new PoolTotals() : before.totals();
                var keeper = new PoolKeeper(posix, state, spec, counted, listener);
                keeper.follow(predecessors(spec));
                keeper.start(); // first: one that has not begun counts as one that has ended
                keepers.put(spec.name(), keeper);
            }
        }
    }

    /** What may not have ended yet and works on the same state or directory: no two may at a time. */
    @GuardedBy("this") private List<PoolKeeper> predecessors(PoolSpec spec) {
        return leftBehind.stream()
                .filter(keeper -> keeper.spec().name().equals(spec.name())
                        || keeper.spec().directory().equals(spec.directory()))
                .toList();
    }

    /** Whether another keeper has to take its place. */
    private static boolean isOver(PoolKeeper keeper, PoolSpec wanted) {
        boolean isLeftOver = keeper.isStopping(); // by an apply that failed half-way
        return isLeftOver || !wanted.withReady(0).equals(keeper.spec().withReady(0));
    }

    /** In the order of their names. */
    public List<PoolStatus> statuses() {
        return keepers.values().stream().map(PoolKeeper::status).toList();
    }

    /** For how long each pool has waited for a call into the kernel that does not return, by name; zero where none. */
    public Map<String, Duration> stalled() {
        Map<String, Duration> stalled = new HashMap<>();
        keepers.forEach((name, keeper) -> stalled.put(name, keeper.stalled()));
        return stalled;
    }

    public PoolStatus status(String pool) {
        return keeper(pool).status();
    }

    private PoolKeeper keeper(String pool) {
        PoolKeeper keeper = keepers.get(pool);
        if (keeper == null) {
            throw new IllegalArgumentException(UnknownName.message("pool", pool, new TreeSet<>(keepers.keySet())));
        }
        return keeper;
    }

    /**
     * Takes a file and gives it another name, atomically and durably, and never in place of another: renameat2(2) with
     * RENAME_NOREPLACE.
     *
     * @param destination absolute, below {@code roots} with no link on the way, on the pool's file system and not in the
     *     pool itself: a new name, or a directory, which takes the file under the name that it has
     * @return what the file is called now
     * @throws IOException one line: no file is ready, EEXIST, EXDEV, outside of the roots; where a directory could not be
     *     synced (the call is fsync), the file has its new name all the same, and a power cut may undo that
     */
    public BytePath claim(String pool, BytePath destination, Roots roots) throws IOException {
        PoolKeeper keeper = keeper(pool);
        PoolInventory stock = keeper.stock();
        if (stock == null) {
            throw new IOException("pool " + pool + ": no file is ready yet");
        }
        return new Claim(posix, keeper.spec(), stock).into(destination, roots);
    }

    /**
     * Looks at the directory and fills the pool now, whatever was to be waited for, also where the directory is on
     * another file system than before. Does not wait for the end.
     */
    public void refill(String pool) {
        keeper(pool).refill();
    }

    /**
     * Changes how many files are kept, until the next {@link #apply} that changes the pool. Surplus files stay. Throws
     * {@link IllegalArgumentException} beyond 0 to {@link PoolSpec#MAX_READY}.
     */
    public void resize(String pool, int ready) {
        PoolSpec.checkReady(ready);
        keeper(pool).resize(ready);
    }

    /**
     * For a watchdog: false when the thread of a pool has ended by itself, or has neither come round nor brought a batch
     * a step further for 30 seconds, unless it waits for the kernel: no restart mends a mount that hangs.
     */
    public boolean isAlive() {
        return keepers.values().stream().allMatch(PoolKeeper::isAlive);
    }

    /**
     * Ends the threads; what is half made is given back. Returns within about a second, or with the file under way, and
     * after 2 seconds even where a device hangs. There are no pools afterwards.
     */
    @Override
    public synchronized void close() {
        end(keepers.values());
        keepers.clear();
    }

    private static void end(Collection<PoolKeeper> leaving) {
        leaving.forEach(PoolKeeper::stop);
        long deadlineNanos = System.nanoTime() + PATIENCE_NANOS;
        try {
            for (PoolKeeper keeper : leaving) {
                keeper.join(deadlineNanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // they end by themselves
        }
    }
}
