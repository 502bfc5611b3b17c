// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.posix.libc.BytePath;
import io.millrace.prealloc.pool.PoolSpec;
import io.millrace.prealloc.pool.PoolStatus;
import io.millrace.telemetry.Controls;
import io.millrace.telemetry.PoolInfo;
import io.millrace.telemetry.StatusJson;
import io.millrace.units.ByteSize;
import java.io.IOException;
import java.util.function.ToLongFunction;

/** Implements the MXBean for all pools, and for single files below the roots. */
final class PreallocatorBean implements PreallocatorMXBean {
    private final Controls controls;

    PreallocatorBean(Controls controls) {
        this.controls = controls;
    }

    private long sum(ToLongFunction<PoolStatus> part) {
        return controls.pools().statuses().stream().mapToLong(part).sum();
    }

    @Override
    public PoolInfo[] getPools() {
        return StatusAttributes.all(PoolInfo.class, controls.pools().statuses(), StatusJson::pool);
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
        BytePath named = RequestParser.path(path);
        long bytes = ByteSize.parse(size).bytes();
        return named + ": " + controls.files().allocate(named, bytes).message();
    }

    @Override
    public String claim(String pool, String destination) throws IOException {
        return controls.pools().claim(pool, RequestParser.path(destination)).display();
    }

    @Override
    public String refill(String pool) {
        controls.pools().refill(pool);
        return "pool " + pool + ": being filled";
    }

    @Override
    public String resize(String pool, int ready) {
        if (ready < 0 || ready > PoolSpec.MAX_READY) {
            throw new IllegalArgumentException("a pool keeps 0 to " + PoolSpec.MAX_READY + " files, not " + ready);
        }
        controls.pools().resize(pool, ready);
        return "pool " + pool + ": keeps " + ready + (ready == 1 ? " file" : " files");
    }
}
