// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.posix.BytePath;
import io.millrace.posix.ByteSize;
import io.millrace.prealloc.PoolSpec;
import io.millrace.prealloc.PoolStatus;
import java.io.IOException;
import java.util.function.ToLongFunction;

/** All pools, and single files below the roots. */
final class PreallocatorBean implements PreallocatorMXBean {
    private final Controls controls;

    PreallocatorBean(Controls controls) {
        this.controls = controls;
    }

    private long sum(ToLongFunction<PoolStatus> part) {
        return controls.pools().statuses().stream().mapToLong(part).sum();
    }

    @Override
    public PoolFacts[] getPools() {
        return controls.pools().statuses().stream()
                .map(status -> new PoolView(() -> status))
                .toArray(PoolFacts[]::new);
    }

    @Override
    public long getReadyFiles() {
        return sum(PoolStatus::ready);
    }

    @Override
    public long getTargetFiles() {
        return sum(status -> status.spec().ready());
    }

    @Override
    public long getReservedBytes() {
        return sum(PoolStatus::reservedBytes);
    }

    @Override
    public long getClaims() {
        return sum(PoolStatus::claims);
    }

    @Override
    public String allocate(String path, String size) throws IOException {
        BytePath named = Requests.path(path);
        long bytes = ByteSize.parse(size).bytes();
        return named + ": " + controls.files().allocate(named, bytes).words();
    }

    @Override
    public String claim(String pool, String destination) throws IOException {
        return controls.pools().claim(pool, Requests.path(destination)).display();
    }

    @Override
    public String refill(String pool) {
        controls.pools().refill(pool);
        return "pool " + pool + ": being filled";
    }

    @Override
    public String resize(String pool, int ready) {
        if (ready < 0 || ready > PoolSpec.MOST_READY) {
            throw new IllegalArgumentException("a pool keeps 0 to " + PoolSpec.MOST_READY + " files, not " + ready);
        }
        controls.pools().resize(pool, ready);
        return "pool " + pool + ": keeps " + ready + (ready == 1 ? " file" : " files");
    }
}
