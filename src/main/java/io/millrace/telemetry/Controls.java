// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.files.Roots;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.prealloc.Reservation;
import io.millrace.prealloc.pool.PoolStatus;
import io.millrace.scan.job.ScanRequest;
import io.millrace.scan.job.ScanStatus;
import io.millrace.scan.schedule.SourceStatus;
import io.millrace.worker.WorkerStatus;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/**
 * The part of {@link ServiceParts} that the MXBeans need, as interfaces, so that tests can supply statuses of their
 * own.
 */
public record Controls(
        Posix posix,
        DaemonControl daemon,
        OfPools pools,
        OfFiles files,
        OfScans scans,
        OfSources sources,
        OfWorkers workers,
        Supplier<Roots> roots) {
    /** The operations of {@link io.millrace.prealloc.pool.Pools}. */
    public interface OfPools {
        List<PoolStatus> statuses();

        PoolStatus status(String pool);

        BytePath claim(String pool, BytePath destination) throws IOException;

        void refill(String pool);

        void resize(String pool, int ready);
    }

    /** The operations of {@link io.millrace.prealloc.Preallocator}, limited to the roots and the reserve. */
    public interface OfFiles {
        Reservation allocate(BytePath path, long sizeBytes) throws IOException;
    }

    /** The operations of {@link io.millrace.scan.job.ScanService}. */
    public interface OfScans {
        List<ScanStatus> statuses();

        ScanStatus status(String id);

        String start(ScanRequest request);

        boolean pause(String id);

        boolean resume(String id);

        boolean cancel(String id);

        boolean setRate(String id, long bytesPerSecond);

        void setTotalRate(long bytesPerSecond);

        long totalRate();
    }

    /** The operations of {@link io.millrace.scan.schedule.SourceScheduler}. */
    public interface OfSources {
        List<SourceStatus> statuses();

        String start(String name);
    }

    /** The operations of {@link io.millrace.worker.WorkerPools}. */
    public interface OfWorkers {
        List<WorkerStatus> statuses();

        void restart(String name);
    }
}
