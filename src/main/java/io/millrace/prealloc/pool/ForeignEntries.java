// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import io.millrace.posix.libc.BytePath;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Entries of a pool's directory that do not belong to the pool, each with the reason, reported once. Bounded. One
 * thread.
 */
final class ForeignEntries {
    private static final int MAX_REMEMBERED = 10_000;
    private static final int FEW = 10;

    private final PoolSpec spec;
    private final PoolListener listener;
    private final Map<BytePath, String> reasons = new LinkedHashMap<>();
    private final Set<BytePath> met = new HashSet<>();
    private long beyond;

    ForeignEntries(PoolSpec spec, PoolListener listener) {
        this.spec = spec;
        this.listener = listener;
    }

    void add(BytePath name, String why) {
        if (!reasons.containsKey(name) && reasons.size() >= MAX_REMEMBERED) {
            beyond++;
            return;
        }
        met.add(name);
        if (!why.equals(reasons.put(name, why))) {
            listener.stranger(spec.name(), line(name, why));
        }
    }

    void remove(BytePath name) {
        reasons.remove(name);
    }

    void forget() {
        reasons.clear();
        beyond = 0;
    }

    /** Starts a directory scan: until {@link #endLook} every foreign entry that still exists is added again. */
    void beginLook() {
        met.clear();
        beyond = 0;
    }

    void endLook() {
        reasons.keySet().retainAll(met);
        met.clear();
    }

    long count() {
        return reasons.size() + beyond;
    }

    /** Returns descriptions of the first few entries. */
    List<String> label() {
        return reasons.entrySet().stream()
                .limit(FEW)
                .map(entry -> line(entry.getKey(), entry.getValue()))
                .toList();
    }

    private String line(BytePath name, String why) {
        return spec.directory().resolve(name.toBytes()).display() + ": " + why;
    }
}
