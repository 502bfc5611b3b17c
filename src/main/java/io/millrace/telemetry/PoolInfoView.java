// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.prealloc.pool.PoolSpec;
import io.millrace.prealloc.pool.PoolStatus;
import io.millrace.units.FileMode;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The attributes of a pool: current at each call, or fixed at one moment, depending on the supplier. Any thread. */
public class PoolInfoView implements PoolInfo {
    private final Supplier<PoolStatus> status;

    public PoolInfoView(Supplier<PoolStatus> status) {
        this.status = status;
    }

    private PoolSpec spec() {
        return status.get().spec();
    }

    @Override
    public String getName() {
        return spec().name();
    }

    @Override
    public String getDirectory() {
        return spec().directory().display();
    }

    @Override
    public long getFileBytes() {
        return spec().fileBytes();
    }

    @Override
    public int getTargetFiles() {
        return spec().ready();
    }

    @Override
    public int getReadyFiles() {
        return status.get().ready();
    }

    @Override
    public String getState() {
        return status.get().state().name();
    }

    @Override
    public @Nullable String getReason() {
        return status.get().reason().orElse(null);
    }

    @Override
    public long getClaims() {
        return status.get().claims();
    }

    @Override
    public double getClaimsPerSecond() {
        return status.get().claimsPerSecond();
    }

    @Override
    public long getReservedBytes() {
        return status.get().reservedBytes();
    }

    @Override
    public long getFreeBytes() {
        return status.get().freeBytes().orElse(-1);
    }

    @Override
    public long getReserveBytes() {
        return status.get().reserveBytes().orElse(-1);
    }

    @Override
    public double getSecondsOfSpace() {
        return status.get().secondsOfSpace().orElse(-1);
    }

    @Override
    public String getReserve() {
        return spec().reserve().toString();
    }

    @Override
    public String getFill() {
        return spec().fill().name();
    }

    @Override
    public String getPermissions() {
        return FileMode.format(spec().permissions());
    }

    @Override
    public long getStrangers() {
        return status.get().strangers();
    }

    @Override
    public String[] getStrangerWords() {
        return status.get().strangerWords().toArray(String[]::new);
    }
}
