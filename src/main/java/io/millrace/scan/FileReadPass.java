// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.PeakGauge;
import io.millrace.pagecache.ReadPlan;
import io.millrace.pagecache.Window;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.throttle.ReadGate;
import io.millrace.scan.walk.OpenedFile;
import io.millrace.scan.walk.WalkEntry;
import io.millrace.worker.FileHeader;
import io.millrace.worker.WorkerOutcome;
import io.millrace.worker.WorkerPool;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file once for all its consumers: the digests, computed by the owning thread and its helpers, and the workers,
 * fed by the owning thread. All share one window, so each byte is read from the device once. Belongs to the thread that
 * owns the file.
 */
final class FileReadPass {
    /** For a smaller file a helper thread would arrive too late to be useful. */
    private static final long WORTH_A_HAND_BYTES = 4 << 20;

    private final Posix posix;
    private final ScanOptions options;
    private final ReadGate gate;
    private final ScanProgress progress;
    private final ScanScheduler scheduler;
    private final PeakGauge gauge;

    FileReadPass(
            Posix posix,
            ScanOptions options,
            ReadGate gate,
            ScanProgress progress,
            ScanScheduler scheduler,
            PeakGauge gauge) {
        this.posix = posix;
        this.options = options;
        this.gate = gate;
        this.progress = progress;
        this.scheduler = scheduler;
        this.gauge = gauge;
    }

    /**
     * Result of one pass.
     *
     * @param failure why the file was not read to its end; null if it was, or if the scan is to stop, or if no worker
     *     needed the rest
     * @param digestedBytes bytes that all digests have processed; the file's size if there are no digests
     * @param frontBytes offset up to which the fastest consumer read
     */
    record Result(
            @Nullable Throwable failure,
            long digestedBytes,
            long frontBytes,
            CacheEffect effect,
            Map<WorkerPool, WorkerOutcome> outcomes) {}

    /**
     * Runs the first pass, which counts as progress: with all digests and {@code pools}, or with {@code pools} only.
     */
    Result first(
            OpenedFile file,
            ReadPlan plan,
            DigestBuffer digestBuffer,
            boolean digests,
            List<WorkerPool> pools,
            FileHeader head)
            throws PosixException, InterruptedException {
        return run(file, plan, digestBuffer, digests, pools, head, true);
    }

    /** Runs another pass for workers that failed. */
    Result again(OpenedFile file, ReadPlan plan, DigestBuffer digestBuffer, List<WorkerPool> pools, FileHeader head)
            throws PosixException, InterruptedException {
        return run(file, plan, digestBuffer, false, pools, head, false);
    }

    /** Reads descriptor 0, for the digests only. */
    ScanOutcome standardInput(WalkEntry found, DigestBuffer digestBuffer) throws InterruptedException {
        return new StandardInputPass(posix, options, gate, progress, gauge).run(found, digestBuffer);
    }

    private Result run(
            OpenedFile file,
            ReadPlan plan,
            DigestBuffer digestBuffer,
            boolean digests,
            List<WorkerPool> pools,
            FileHeader head,
            boolean counts)
            throws PosixException, InterruptedException {
        var window = new Window(
                posix, file.traits(), plan, file.fd(), file.status(), file.content(), options.readBytes(), gauge);
        var relay = digests ? new DigestPipeline(window, digestBuffer.digests(), gate, progress) : null;
        var feeding = pools.isEmpty() ? null : new WorkerFeedLoop(posix, window, gate, progress, relay != null);
        Throwable failure = null;
        try (window;
                feeding) {
            window.onRead(progress::addRead);
            window.onMove(bytes -> {
                if (counts) {
                    progress.addBytes(bytes);
                }
                if (feeding != null) {
                    feeding.windowMoved();
                }
            });
            if (feeding != null) {
                feeding.begin(pools, head, file.fd(), options.readBytes());
            }
            work(relay, feeding, file.status().sizeBytes(), digestBuffer);
        } catch (PosixException e) { // the file may be complete, but the state of the page cache is unknown
            failure = e;
        }
        if (feeding != null && feeding.failure() != null) {
            failure = feeding.failure();
        }
        if (relay != null && relay.failure() != null) {
            failure = relay.failure();
        }
        return new Result(
                failure,
                relay == null ? file.status().sizeBytes() : relay.doneBytes(),
                window.frontBytes(),
                window.effect(),
                feeding == null ? Map.of() : feeding.outcomes());
    }

    private void work(
            @Nullable DigestPipeline relay, @Nullable WorkerFeedLoop feeding, long sizeBytes, DigestBuffer digestBuffer)
            throws PosixException, InterruptedException {
        boolean worthHands = sizeBytes >= WORTH_A_HAND_BYTES;
        if (relay == null) {
            if (feeding != null) {
                feeding.run(digestBuffer.buffer(), () -> null);
            }
        } else if (!worthHands) {
            relay.digestShare(
                    digestBuffer.buffer()); // the window holds the whole file, so no other consumer has to move
            if (feeding != null) {
                feeding.run(digestBuffer.buffer(), relay::failure);
            }
        } else {
            scheduler.share(relay);
            try {
                if (feeding != null) {
                    feedBeside(relay, feeding, digestBuffer);
                }
                relay.digestShare(digestBuffer.buffer());
            } finally {
                scheduler.endShare(relay);
            }
        }
    }

    /** Helper threads digest at the same time, so on failure they must not wait for workers that are no longer fed. */
    private static void feedBeside(DigestPipeline relay, WorkerFeedLoop feeding, DigestBuffer digestBuffer)
            throws PosixException {
        try {
            feeding.run(digestBuffer.buffer(), relay::failure);
        } catch (PosixException | RuntimeException | Error e) {
            relay.fail(e);
            feeding.end();
            throw e;
        }
    }
}
