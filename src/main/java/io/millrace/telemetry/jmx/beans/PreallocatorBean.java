// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.posix.libc.BytePath;
import io.millrace.prealloc.pool.PoolStatus;
import io.millrace.telemetry.PoolInfo;
import io.millrace.telemetry.ServiceParts;
import io.millrace.telemetry.StatusJson;
import io.millrace.units.ByteSize;
import java.io.IOException;
import java.util.function.ToLongFunction;

/** Implements the MXBean for all pools, and for single files below the roots. */
final class PreallocatorBean implements PreallocatorMXBean {
    private final ServiceParts parts;

    PreallocatorBean(ServiceParts parts) {
        this.parts = parts;
    }

    private long sum(ToLongFunction<PoolStatus> part) {
        return parts.pools().statuses().stream().mapToLong(part).sum();
    }

    @Override
    public PoolInfo[] getPools() {
        return StatusAttributes.all(PoolInfo.class, parts.pools().statuses(), StatusJson::pool);
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
        return named + ": "
                + parts.preallocator()
                        .createBelow(
                                parts.roots().get(),
                                named,
                                bytes,
                                parts.reserve().get())
                        .message();
    }

    @Override
    public String claim(String pool, String destination) throws IOException {
        return parts.pools()
                .claim(pool, RequestParser.path(destination), parts.roots().get())
                .display();
    }

    @Override
    public String refill(String pool) {
        parts.pools().refill(pool);
        return "pool " + pool + ": being filled";
    }

    @Override
    public String resize(String pool, int ready) {
        parts.pools().resize(pool, ready);
        return "pool " + pool + ": keeps " + ready + (ready == 1 ? " file" : " files");
    }
}
