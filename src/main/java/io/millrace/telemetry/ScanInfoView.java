// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.pagecache.CacheEffect;
import io.millrace.scan.job.ScanStatus;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The attributes of a scan: current at each call, or fixed at one moment, depending on the supplier. Any thread. */
public class ScanInfoView implements ScanInfo {
    private static final double MILLIS = 1e3;

    private final Supplier<ScanStatus> status;

    public ScanInfoView(Supplier<ScanStatus> status) {
        this.status = status;
    }

    private CacheEffect effect() {
        return status.get().effect();
    }

    @Override
    public String getId() {
        return status.get().id();
    }

    @Override
    public @Nullable String getSource() {
        return status.get().source().orElse(null);
    }

    @Override
    public String getState() {
        return status.get().state().name();
    }

    @Override
    public String getStarted() {
        return status.get().started().toString();
    }

    @Override
    public @Nullable String getEnded() {
        return status.get().ended().map(Instant::toString).orElse(null);
    }

    @Override
    public long getFiles() {
        return status.get().files();
    }

    @Override
    public long getFailed() {
        return status.get().failed();
    }

    @Override
    public long getChanged() {
        return status.get().changed();
    }

    @Override
    public long getWorkersFailed() {
        return status.get().workersFailed();
    }

    @Override
    public long getBytes() {
        return status.get().bytes();
    }

    @Override
    public long getTotalBytes() {
        return status.get().totalBytes().orElse(-1);
    }

    @Override
    public long getReadBytes() {
        return status.get().read().bytes();
    }

    @Override
    public long getDeviceBytes() {
        return status.get().read().deviceBytes();
    }

    @Override
    public double getBytesPerSecond() {
        return status.get().bytesPerSecond();
    }

    @Override
    public double getDeviceBytesPerSecond() {
        return status.get().read().deviceBytesPerSecond();
    }

    @Override
    public long getRateBytesPerSecond() {
        return status.get().rateBytesPerSecond();
    }

    @Override
    public double getYieldedSeconds() {
        return status.get().yielded().toMillis() / MILLIS;
    }

    @Override
    public double getStalledSeconds() {
        return status.get().stalled().toMillis() / MILLIS;
    }

    @Override
    public String[] getReading() {
        return status.get().reading().toArray(String[]::new);
    }

    @Override
    public long getHotBeforeBytes() {
        return effect().hotBeforeBytes();
    }

    @Override
    public long getHotAfterBytes() {
        return effect().hotAfterBytes();
    }

    @Override
    public long getUnknownBytes() {
        return effect().unknownBytes();
    }

    @Override
    public long getLeftBytes() {
        return effect().leftBytes();
    }

    @Override
    public long getReleasedBytes() {
        return effect().releasedBytes();
    }

    @Override
    public @Nullable String getError() {
        return status.get().error().orElse(null);
    }
}
