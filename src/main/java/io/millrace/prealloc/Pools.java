// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.BytePath;
import io.millrace.posix.Posix;
import io.millrace.posix.Roots;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;

/**
 * All pools of a service, each kept by a thread of its own. Any thread.
 *
 * <p>Every method that takes the name of a pool throws {@link IllegalArgumentException} where there is none.
 */
public final class Pools implements AutoCloseable {
    /** For all of them together. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Posix posix;
    private final BytePath state;
    private final PoolListener listener;
    private final NavigableMap<String, PoolKeeper> keepers = new ConcurrentSkipListMap<>();

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
        Map<String, PoolTotals> totals = new HashMap<>();
        List<PoolKeeper> leaving = new ArrayList<>();
        for (PoolKeeper keeper : keepers.values()) {
            PoolSpec spec = wanted.get(keeper.spec().name());
            if (spec == null || isOver(keeper, spec)) {
                leaving.add(keeper);
                totals.put(keeper.spec().name(), keeper.totals());
            } else if (!spec.equals(keeper.spec())) {
                keeper.respec(spec);
            }
        }
        end(leaving);
        for (PoolKeeper keeper : leaving) {
            if (!wanted.containsKey(keeper.spec().name())) {
                keepers.remove(keeper.spec().name());
            }
        }
        for (PoolSpec spec : wanted.values()) {
            if (!keepers.containsKey(spec.name()) || totals.containsKey(spec.name())) {
                PoolTotals counted = totals.getOrDefault(spec.name(), new PoolTotals());
                var keeper = new PoolKeeper(posix, state, spec, counted, listener);
                keeper.start(); // first: one that has not begun counts as one that has ended
                keepers.put(spec.name(), keeper);
            }
        }
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

    public PoolStatus status(String pool) {
        return keeper(pool).status();
    }

    private PoolKeeper keeper(String pool) {
        PoolKeeper keeper = keepers.get(pool);
        if (keeper == null) {
            throw new IllegalArgumentException(
                    "there is no pool named '" + BytePath.display(BytePath.encode(pool)) + "'");
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
        PoolStock stock = keeper.stock();
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
     * {@link IllegalArgumentException} beyond 0 to {@link PoolSpec#MOST_READY}.
     */
    public void resize(String pool, int ready) {
        PoolSpec.checkReady(ready);
        keeper(pool).resize(ready);
    }

    /**
     * For a watchdog: false when the thread of a pool has ended by itself, or has neither come round nor brought a batch
     * a step further for 30 seconds.
     */
    public boolean isAlive() {
        return keepers.values().stream().allMatch(PoolKeeper::isAlive);
    }

    /**
     * Ends the threads; what is half made is given back. Returns within about a second, or with the file under way, and
     * after half a minute even where a device hangs. There are no pools afterwards.
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
