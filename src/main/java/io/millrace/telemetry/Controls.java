// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.posix.BytePath;
import io.millrace.posix.Posix;
import io.millrace.posix.Roots;
import io.millrace.prealloc.PoolStatus;
import io.millrace.prealloc.Verdict;
import io.millrace.scan.ScanRequest;
import io.millrace.scan.ScanStatus;
import io.millrace.scan.SourceStatus;
import io.millrace.worker.WorkerStatus;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** What the beans need of {@link Subjects}, and no more, so that they can be tried with statuses made by hand. */
record Controls(
        Posix posix,
        DaemonControl daemon,
        OfPools pools,
        OfFiles files,
        OfScans scans,
        OfSources sources,
        OfWorkers workers,
        Supplier<Roots> roots) {
    /** As {@link io.millrace.prealloc.Pools}. */
    interface OfPools {
        List<PoolStatus> statuses();

        PoolStatus status(String pool);

        BytePath claim(String pool, BytePath destination) throws IOException;

        void refill(String pool);

        void resize(String pool, int ready);
    }

    /** As {@link io.millrace.prealloc.Preallocator}, below the roots and above the reserve. */
    interface OfFiles {
        Verdict allocate(BytePath path, long sizeBytes) throws IOException;
    }

    /** As {@link io.millrace.scan.Scans}. */
    interface OfScans {
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

    /** As {@link io.millrace.scan.Sources}. */
    interface OfSources {
        List<SourceStatus> statuses();

        String start(String name);
    }

    /** As {@link io.millrace.worker.WorkerPools}. */
    interface OfWorkers {
        List<WorkerStatus> statuses();

        void restart(String name);
    }

    static Controls of(Subjects subjects) {
        return new Controls(
                subjects.posix(),
                subjects.daemon(),
                new PoolsControl(subjects.pools(), subjects.roots()),
                new FilesControl(subjects.preallocator(), subjects.roots(), subjects.reserve()),
                new ScansControl(subjects.scans()),
                new SourcesControl(subjects.sources()),
                new WorkersControl(subjects.workers()),
                subjects.roots());
    }
}
