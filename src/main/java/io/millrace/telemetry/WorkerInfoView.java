// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.posix.libc.BytePath;
import io.millrace.worker.WorkerSpec;
import io.millrace.worker.WorkerStatus;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The attributes of a worker: current at each call, or fixed at one moment, depending on the supplier. Any thread. */
public class WorkerInfoView implements WorkerInfo {
    private final Supplier<WorkerStatus> status;

    public WorkerInfoView(Supplier<WorkerStatus> status) {
        this.status = status;
    }

    private WorkerSpec spec() {
        return status.get().spec();
    }

    @Override
    public String getName() {
        return spec().name();
    }

    @Override
    public String[] getCommand() {
        return spec().command().stream()
                .map(word -> BytePath.display(BytePath.encode(word)))
                .toArray(String[]::new);
    }

    @Override
    public String getMode() {
        return spec().mode().name();
    }

    @Override
    public int getMostProcesses() {
        return spec().processes();
    }

    @Override
    public int getProcesses() {
        return status.get().processes();
    }

    @Override
    public int getBusy() {
        return status.get().busy();
    }

    @Override
    public long getFedBytes() {
        return status.get().fedBytes();
    }

    @Override
    public long getRestarts() {
        return status.get().restarts();
    }

    @Override
    public boolean isQuarantined() {
        return status.get().quarantined();
    }

    @Override
    public @Nullable String getLastReason() {
        return status.get().lastReason().orElse(null);
    }

    @Override
    public @Nullable String getLastReasonAt() {
        return status.get()
                .lastReasonAt()
                .map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString())
                .orElse(null);
    }

    @Override
    public long getFailedFiles() {
        return status.get().failedFiles();
    }
}
