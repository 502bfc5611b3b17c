// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.files.Roots;
import io.millrace.posix.libc.BytePath;
import io.millrace.prealloc.pool.PoolStatus;
import io.millrace.prealloc.pool.Pools;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** Delegates to the real pools; a claimed file can be moved only to a path below the roots. */
record PoolsControl(Pools pools, Supplier<Roots> roots) implements Controls.OfPools {
    @Override
    public List<PoolStatus> statuses() {
        return pools.statuses();
    }

    @Override
    public PoolStatus status(String pool) {
        return pools.status(pool);
    }

    @Override
    public BytePath claim(String pool, BytePath destination) throws IOException {
        return pools.claim(pool, destination, roots.get());
    }

    @Override
    public void refill(String pool) {
        pools.refill(pool);
    }

    @Override
    public void resize(String pool, int ready) {
        pools.resize(pool, ready);
    }
}
