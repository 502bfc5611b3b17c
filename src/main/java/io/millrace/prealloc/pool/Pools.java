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
 * All pools of a service, each kept full by its own thread. Any thread; the service closes it.
 */
public final class Pools implements PoolControl, AutoCloseable {
    /** Longest wait for all threads together to end. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Posix posix;
    private final BytePath state;
    private final PoolListener listener;
    private final NavigableMap<String, PoolKeeper> keepers = new ConcurrentSkipListMap<>();

    /** Keepers that were asked to end but are blocked in a system call that does not return. */
    @GuardedBy("this") private final List<PoolKeeper> leftBehind = new ArrayList<>();

    /**
     * @param state a directory for data that survives restarts: for each pool a file of its name, with the next file
     *     number; it must exist, and no other process may use it meanwhile
     */
    public Pools(Posix posix, BytePath state, PoolListener listener) {
        this.posix = posix;
        this.state = state;
        this.listener = listener;
    }

    /**
     * Replaces the configuration: unchanged pools continue, others are changed, added or removed (their files stay).
     * No two may have the same name, and no directory may contain another. Waits for the removed ones to end, as
     * {@link #close} does.
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
                keeper.start(); // first, because a keeper that was not started counts as ended
                keepers.put(spec.name(), keeper);
            }
        }
    }

    /** Keepers that may still run and use the same state or directory: no two may at a time. */
    @GuardedBy("this") private List<PoolKeeper> predecessors(PoolSpec spec) {
        return leftBehind.stream()
                .filter(keeper -> keeper.spec().name().equals(spec.name())
                        || keeper.spec().directory().equals(spec.directory()))
                .toList();
    }

    /** Whether the keeper has to be replaced by another one. */
    private static boolean isOver(PoolKeeper keeper, PoolSpec wanted) {
        boolean isLeftOver = keeper.isStopping(); // an earlier apply failed half-way
        return isLeftOver || !wanted.withReady(0).equals(keeper.spec().withReady(0));
    }

    @Override
    public List<PoolStatus> statuses() {
        return keepers.values().stream().map(PoolKeeper::status).toList();
    }

    /** How long each pool has been blocked in a system call that does not return, by name; zero if it is not. */
    public Map<String, Duration> stalled() {
        Map<String, Duration> stalled = new HashMap<>();
        keepers.forEach((name, keeper) -> stalled.put(name, keeper.stalled()));
        return stalled;
    }

    @Override
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

    @Override
    public BytePath claim(String pool, BytePath destination, Roots roots) throws IOException {
        PoolKeeper keeper = keeper(pool);
        PoolInventory stock = keeper.stock();
        if (stock == null) {
            throw new IOException("pool " + pool + ": no file is ready yet");
        }
        return new Claim(posix, keeper.spec(), stock).into(destination, roots);
    }

    @Override
    public void refill(String pool) {
        keeper(pool).refill();
    }

    @Override
    public void resize(String pool, int ready) {
        PoolSpec.checkReady(ready);
        keeper(pool).resize(ready);
    }

    /**
     * For a watchdog: false if the thread of a pool has ended by itself, or made no progress for 30 seconds and is not
     * blocked in the kernel: a restart does not repair an unresponsive mount.
     */
    public boolean isAlive() {
        return keepers.values().stream().allMatch(PoolKeeper::isAlive);
    }

    /**
     * Ends the threads and rolls back files in progress. Returns within about a second, or with the file in progress,
     * and after 2 seconds even if a device does not respond. There are no pools afterwards.
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
            Thread.currentThread().interrupt(); // the threads end by themselves
        }
    }
}
